import fc from 'fast-check';
import { Decimal, decimal } from '#kernel/decimal.js';
import { Money } from '#kernel/money.js';
import { chargeFor, type Proration } from './charge.js';
import { april, flat, perUnit } from './price.examples.js';

const days = (numerator: number | bigint, denominator: number | bigint): Proration => ({
  numerator: String(numerator),
  denominator: String(denominator),
  unit: 'day',
});
const amountOf = (...given: Parameters<typeof chargeFor>): bigint => chargeFor(...given).amount.amount;
const five = decimal('5');

describe('A flat price', () => {
  it('costs its amount, whatever the quantity, with everything that is needed to redo the sum', () => {
    expect(chargeFor(flat('2900'), five, 'USD', april)).toEqual({
      priceCode: 'base',
      kind: 'recurring',
      taxCode: 'txcd_10103001',
      taxBehavior: 'exclusive',
      period: april,
      proration: null,
      quantity: '1',
      unitAmount: '2900',
      amount: Money.of(2900n, 'USD'),
    });
  });
});

describe('A price per unit', () => {
  it('costs its unit amount times the quantity', () => {
    const charge = chargeFor(perUnit('900.25'), decimal('4'), 'USD', april);
    expect(charge).toMatchObject({ priceCode: 'seats', quantity: '4', unitAmount: '900.25', amount: Money.of(3601n, 'USD') });
  });

  it('is rounded at the line, not at the unit', () => {
    expect(amountOf(perUnit('0.25'), decimal('1000'), 'USD', april)).toBe(250n);
    expect(amountOf(perUnit('0.004'), decimal('1'), 'USD', april)).toBe(0n);
  });

  it.each([
    ['2.5', '1', 3n],
    ['2.4999', '1', 2n],
    ['0.5', '1', 1n],
  ])('of %s for %s is rounded half-up', (unitAmount, quantity, expected) => {
    expect(amountOf(perUnit(unitAmount), decimal(quantity), 'USD', april)).toBe(expected);
  });

  it('is exact beyond what a JSON number can hold', () => {
    expect(amountOf(perUnit('9007199254740991'), decimal('1000000'), 'USD', april)).toBe(9_007_199_254_740_991_000_000n);
  });

  it('takes parts of a unit', () => {
    expect(chargeFor(perUnit('10'), decimal('12.5'), 'JPY', april)).toMatchObject({ quantity: '12.5', amount: Money.of(125n, 'JPY') });
  });
});

describe('A part of a period', () => {
  it.each([
    ['2900', 17, 30, 1643n],
    ['2900', 1, 30, 97n],
    ['100', 1, 3, 33n],
    ['100', 2, 3, 67n],
    // 2.5 exactly: up.
    ['5', 1, 2, 3n],
  ])('of %s for %i of %i days costs %s', (amount, numerator, denominator, expected) => {
    const charge = chargeFor(flat(amount), Decimal.one, 'USD', april, days(numerator, denominator));
    expect(charge.amount.amount).toBe(expected);
    expect(charge.proration).toEqual(days(numerator, denominator));
  });

  it('is rounded once, from the exact price of the whole', () => {
    // 0.5 each: rounded first it would be 1, and half of 3 seats 2.
    expect(amountOf(perUnit('0.5'), decimal('3'), 'USD', april, days(1, 2))).toBe(1n);
  });
});

describe('Charges of any price', () => {
  const anyUnitAmount = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 12 }))
    .map(([unscaled, scale]) => Decimal.of(unscaled, scale));
  const anyQuantity = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 9n }), fc.integer({ min: 0, max: 6 })).map(([u, s]) => Decimal.of(u, s));
  const anyPart = fc.integer({ min: 1, max: 366 }).chain((whole) => fc.tuple(fc.integer({ min: 0, max: whole }), fc.constant(whole)));
  const twice = ({ unscaled, scale }: Decimal, denominator: bigint) => ({
    numerator: 2n * unscaled,
    denominator: 10n ** BigInt(scale) * denominator,
  });

  it('are never further than half a minor unit from the exact sum, and never short of it by exactly half', () => {
    fc.assert(
      fc.property(anyUnitAmount, anyQuantity, anyPart, (unitAmount, quantity, [part, whole]) => {
        const charged = amountOf(perUnit(unitAmount.toString()), quantity, 'USD', april, days(part, whole));
        const { numerator, denominator } = twice(unitAmount.times(quantity).times(Decimal.of(BigInt(part))), BigInt(whole));
        // Twice the distance from the exact sum, over `denominator`; downwards it stays below one half.
        const distance = 2n * charged * denominator - numerator;
        expect(distance <= denominator && distance > -denominator).toBe(true);
      }),
    );
  });

  it('are the whole for all of the days, and nothing for none of them', () => {
    fc.assert(
      fc.property(anyUnitAmount, anyQuantity, fc.integer({ min: 1, max: 366 }), (unitAmount, quantity, whole) => {
        const price = perUnit(unitAmount.toString());
        const full = amountOf(price, quantity, 'USD', april);
        expect(amountOf(price, quantity, 'USD', april, days(whole, whole))).toBe(full);
        expect(amountOf(price, quantity, 'USD', april, days(0, whole))).toBe(0n);
      }),
    );
  });

  it('never fall when the quantity or the part grows', () => {
    fc.assert(
      fc.property(anyUnitAmount, fc.bigInt({ min: 0n, max: 10n ** 6n }), anyPart, (unitAmount, quantity, [part, whole]) => {
        const charged = (seats: bigint, of: number) =>
          amountOf(perUnit(unitAmount.toString()), Decimal.of(seats), 'USD', april, days(of, whole));
        expect(charged(quantity + 1n, part) >= charged(quantity, part)).toBe(true);
        expect(charged(quantity, whole) >= charged(quantity, part)).toBe(true);
      }),
    );
  });
});
