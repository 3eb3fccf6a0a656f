import fc from 'fast-check';
import { Money } from './money.js';
import { amountFromWire, moneyFromWire, moneyToWire } from './money-wire.js';

const LARGEST = 2 ** 53 - 1;

describe('Money on the wire', () => {
  it('is a whole number of minor units with its currency', () => {
    expect(JSON.stringify(moneyToWire(Money.of(1250n, 'USD')))).toBe('{"amount":1250,"currency":"USD"}');
    expect(moneyFromWire({ amount: 1250, currency: 'USD' })).toEqual(Money.of(1250n, 'USD'));
  });

  it('comes back unchanged for every amount that a JSON number keeps exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        const wire = JSON.parse(JSON.stringify(moneyToWire(Money.of(BigInt(amount), 'EUR'))));
        expect(moneyFromWire(wire)).toEqual(Money.of(BigInt(amount), 'EUR'));
      }),
    );
  });

  it.each([LARGEST + 1, -LARGEST - 1, 1e300, 12.5, 0.1 + 0.2, Number.NaN, Number.POSITIVE_INFINITY, '1250', null, undefined, true, 10n])(
    'is refused with the amount %p, never rounded',
    (amount) => {
      const given = { amount: amount as number, currency: 'USD' };
      expect(() => moneyFromWire(given, '/price')).toThrow(expect.objectContaining({ code: 'amount_invalid', pointer: '/price/amount' }));
    },
  );

  it('is refused when the digits in the request were more than a number keeps', () => {
    const given = JSON.parse('{"amount":9007199254740993,"currency":"USD"}');
    expect(() => moneyFromWire(given)).toThrow(expect.objectContaining({ code: 'amount_invalid', pointer: '/amount' }));
  });

  it('is refused with an unknown currency', () => {
    expect(() => moneyFromWire({ amount: 1, currency: 'ABC' }, '/price')).toThrow(
      expect.objectContaining({ code: 'currency_unknown', pointer: '/price/currency' }),
    );
  });

  it('is a number as long as one keeps it exactly, and text from there on: a sum is never refused', () => {
    const amountOf = (amount: bigint) => moneyToWire(Money.of(amount, 'USD')).amount;
    expect(amountOf(2n ** 53n - 1n)).toBe(LARGEST);
    expect(amountOf(1n - 2n ** 53n)).toBe(-LARGEST);
    expect(amountOf(2n ** 53n)).toBe('9007199254740992');
    expect(amountOf(-(2n ** 53n))).toBe('-9007199254740992');
    expect(amountOf(10n ** 30n + 1n)).toBe('1000000000000000000000000000001');
    expect(amountFromWire(LARGEST)).toBe(2n ** 53n - 1n);
  });
});
