import fc from 'fast-check';
import { currencies } from './currency.js';
import { Money } from './money.js';

const usd = (amount: bigint) => Money.of(amount, 'USD');
const anyAmount = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const anyMoney = fc
  .record({ amount: anyAmount, currency: fc.constantFrom(...currencies) })
  .map(({ amount, currency }) => Money.of(amount, currency));
const anyWeights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 12 });

describe('Money', () => {
  it('adds, subtracts, multiplies and negates exactly, at any size', () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, (a, b) => {
        expect(usd(a).plus(usd(b)).amount).toBe(a + b);
        expect(usd(a).minus(usd(b)).amount).toBe(a - b);
        expect(usd(a).times(b).amount).toBe(a * b);
        expect(usd(a).negated().amount).toBe(-a);
        expect(usd(a).plus(usd(b)).minus(usd(b))).toEqual(usd(a));
      }),
    );
  });

  it('of different currencies never mixes', () => {
    const euro = Money.of(1n, 'EUR');
    const mismatch = expect.objectContaining({ code: 'currency_mismatch' });
    expect(() => usd(1n).plus(euro)).toThrow(mismatch);
    expect(() => usd(1n).minus(euro)).toThrow(mismatch);
    expect(() => usd(1n).compare(euro)).toThrow(mismatch);
    expect(() => Money.sum([usd(1n), euro], 'USD')).toThrow(mismatch);
    expect(() => Money.sum([usd(1n)], 'EUR')).toThrow(mismatch);
    expect(usd(1n).equals(euro)).toBe(false);
  });

  it('sums to zero where there is nothing to sum', () => {
    expect(Money.sum([], 'JPY')).toEqual(Money.zero('JPY'));
  });

  it('splits into parts that sum to the whole', () => {
    fc.assert(
      fc.property(anyMoney, anyWeights, (money, weights) => {
        expect(Money.sum(money.split(weights), money.currency)).toEqual(money);
      }),
    );
  });

  it('has shares that are rounded half-up, away from zero', () => {
    expect(usd(1000n).share(17n, 30n)).toEqual(usd(567n));
    expect(usd(-1000n).share(17n, 30n)).toEqual(usd(-567n));
    expect(usd(25n).share(1n, 2n)).toEqual(usd(13n));
    expect(usd(-25n).share(1n, 2n)).toEqual(usd(-13n));
  });

  it('is compared by amount', () => {
    expect(usd(1n).compare(usd(2n))).toBe(-1);
    expect(usd(2n).compare(usd(1n))).toBe(1);
    expect(usd(2n).compare(usd(2n))).toBe(0);
    expect(usd(2n).equals(usd(2n))).toBe(true);
    expect(usd(2n).equals(usd(3n))).toBe(false);
  });

  it.each([
    [0n, true, false, false],
    [1n, false, true, false],
    [-1n, false, false, true],
  ])('of %d says whether it is zero, positive or negative', (amount, isZero, isPositive, isNegative) => {
    expect(usd(amount)).toMatchObject({ isZero, isPositive, isNegative });
  });

  it('is stored with its amount as a string and comes back the same', () => {
    expect(JSON.stringify(usd(1250n))).toBe('{"amount":"1250","currency":"USD"}');
    fc.assert(fc.property(anyMoney, (money) => Money.fromJSON(JSON.parse(JSON.stringify(money))).equals(money)));
  });

  it.each([
    [-5n, 'USD', '-0.05'],
    [0n, 'EUR', '0.00'],
    [1250n, 'JPY', '1250'],
    [1250n, 'KWD', '1.250'],
    [1n, 'CLF', '0.0001'],
    [-123456789012345678901234n, 'USD', '-1234567890123456789012.34'],
  ] as const)('of %d in minor units of %s is %s in major ones', (amount, currency, text) => {
    expect(Money.of(amount, currency).decimal()).toBe(text);
    expect(`${Money.of(amount, currency)}`).toBe(`${text} ${currency}`);
  });
});
