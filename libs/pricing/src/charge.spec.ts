import fc from 'fast-check';
import type { Currency } from '#kernel/currency.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import { hashedId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import { type Charge, chargeFor, oneOffCharge, type Proration, reversalOf } from './charge.js';
import { noFees } from './models/fee-counts.js';
import { april, flat, percentage, perUnit, tiered } from './price.examples.js';
import type { AgreedPrice } from './price.js';

const days = (numerator: number | bigint, denominator: number | bigint): Proration => ({
  numerator: String(numerator),
  denominator: String(denominator),
  unit: 'day',
});
const owner = {
  subscriptionId: hashedId<'subscription'>('a subscription', 7),
  plan: { id: hashedId<'plan'>('a plan'), version: 3, name: 'Pro' },
};
const id = hashedId<'charge'>('a charge', 7);

const charged = (price: AgreedPrice, quantity: Decimal, currency: Currency, period: Period, proration: Proration | null = null): Charge =>
  chargeFor(price, { id, owner, currency, quantity, period, proration });
const amountOf = (...given: Parameters<typeof charged>): bigint => charged(...given).amount.amount;
const five = decimal('5');

describe('A flat price', () => {
  it('costs its amount, whatever the quantity, with everything that is needed to redo the sum', () => {
    expect(charged(flat('2900'), five, 'USD', april)).toEqual({
      id,
      subscriptionId: owner.subscriptionId,
      plan: owner.plan,
      priceCode: 'base',
      name: 'Pro',
      kind: 'recurring',
      taxCode: 'txcd_10103001',
      taxBehavior: 'exclusive',
      period: april,
      proration: null,
      quantity: '1',
      unitAmount: '2900',
      amount: Money.of(2900n, 'USD'),
      exactAmount: '2900',
      reverses: null,
    });
  });
});

describe('A price per unit', () => {
  it('costs its unit amount times the quantity', () => {
    const charge = charged(perUnit('900.25'), decimal('4'), 'USD', april);
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
  ])('of %s for %s is rounded half-up, away from zero', (unitAmount, quantity, expected) => {
    expect(amountOf(perUnit(unitAmount), decimal(quantity), 'USD', april)).toBe(expected);
  });

  it('is exact beyond what a JSON number can hold', () => {
    expect(amountOf(perUnit('9007199254740991'), decimal('1000000'), 'USD', april)).toBe(9_007_199_254_740_991_000_000n);
  });

  it('takes parts of a unit', () => {
    expect(charged(perUnit('10'), decimal('12.5'), 'JPY', april)).toMatchObject({ quantity: '12.5', amount: Money.of(125n, 'JPY') });
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
    const charge = charged(flat(amount), Decimal.one, 'USD', april, days(numerator, denominator));
    expect(charge.amount.amount).toBe(expected);
    expect(charge.proration).toEqual(days(numerator, denominator));
  });

  it('is rounded once, from the exact price of the whole', () => {
    // 0.5 each: rounded first it would be 1, and half of 3 seats 2.
    expect(amountOf(perUnit('0.5'), decimal('3'), 'USD', april, days(1, 2))).toBe(1n);
  });
});

describe('A charge for usage', () => {
  const calls = tiered('volume', [{ upTo: null, unitAmount: '2' }], { periodMinimum: '100' });

  it('is not prorated, and has the price of a unit', () => {
    expect(charged(calls, decimal('500'), 'USD', april, days(1, 3))).toMatchObject({
      ...{ kind: 'usage', quantity: '500', unitAmount: '2', proration: null },
      amount: Money.of(1000n, 'USD'),
    });
  });

  it('of no more than the minimum says the part that the minimum is for, and no price of a unit', () => {
    expect(charged(calls, five, 'USD', april, days(1, 3))).toMatchObject({
      ...{ quantity: '5', unitAmount: null, proration: days(1, 3) },
      amount: Money.of(33n, 'USD'),
    });
  });

  it('that was counted below zero shows what was counted, and costs what nothing costs', () => {
    expect(charged(tiered('volume', [{ upTo: null, unitAmount: '2' }]), decimal('-5'), 'USD', april)).toMatchObject({
      ...{ quantity: '-5', unitAmount: null },
      amount: Money.zero('USD'),
    });
  });
});

describe('A charge for a percentage of events', () => {
  const card = percentage({ rate: '2.9', fixedAmount: '30', minimumAmount: '50' });
  const feeCounts = { ...noFees, events: '3', amount: '20100', chargedEvents: '2', chargedAmount: '20000', minimumEvents: '1' };

  it('says how many events cost what, from which its amount follows', () => {
    expect(
      chargeFor(card, { id, owner, currency: 'USD', quantity: decimal('20100'), feeCounts, period: april, proration: null }),
    ).toMatchObject({
      ...{ kind: 'usage', quantity: '20100', unitAmount: null, feeCounts },
      ...{ amount: Money.of(690n, 'USD'), exactAmount: '690' },
    });
  });

  it('is never made of their amount alone', () => {
    expect(() => charged(card, decimal('20100'), 'USD', april)).toThrow('is of each event');
  });
});

describe('The price of a unit', () => {
  it('is not said where units are free, or a limit is charged: whoever multiplies must come to the amount', () => {
    expect(charged(perUnit('10', { freeUnits: '2' }), five, 'USD', april)).toMatchObject({ unitAmount: null, exactAmount: '30' });
    expect(charged(perUnit('10', { periodMaximum: '20' }), five, 'USD', april)).toMatchObject({ unitAmount: null, exactAmount: '20' });
    expect(charged(flat('10', { periodMinimum: '20' }), five, 'USD', april)).toMatchObject({ unitAmount: null, exactAmount: '20' });
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
        const rounded = amountOf(perUnit(unitAmount.toString()), quantity, 'USD', april, days(part, whole));
        const { numerator, denominator } = twice(unitAmount.times(quantity).times(Decimal.of(BigInt(part))), BigInt(whole));
        // Twice the distance from the exact sum, over `denominator`; towards zero it stays below one half.
        const distance = 2n * rounded * denominator - numerator;
        const outward = numerator < 0n ? -distance : distance;
        expect(outward <= denominator && outward > -denominator).toBe(true);
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

  it('say what they were before they were rounded, to twelve places', () => {
    expect(charged(flat('2900'), Decimal.one, 'USD', april, days(17, 30)).exactAmount).toBe('1643.333333333333');
    expect(charged(perUnit('900.25'), decimal('3'), 'USD', april).exactAmount).toBe('2700.75');
  });

  it('are never for less than nothing', () => {
    expect(() => charged(flat('2900'), decimal('-1'), 'USD', april)).toThrow('reversal');
    expect(() => charged(perUnit('2900'), decimal('-1'), 'USD', april)).toThrow('reversal');
  });

  it('never fall when the quantity or the part grows', () => {
    fc.assert(
      fc.property(anyUnitAmount, fc.bigInt({ min: 0n, max: 10n ** 6n }), anyPart, (unitAmount, quantity, [part, whole]) => {
        const costs = (seats: bigint, of: number) =>
          amountOf(perUnit(unitAmount.toString()), Decimal.of(seats), 'USD', april, days(of, whole));
        expect(costs(quantity + 1n, part) >= costs(quantity, part)).toBe(true);
        expect(costs(quantity, whole) >= costs(quantity, part)).toBe(true);
      }),
    );
  });
});

describe('A reversal', () => {
  const back = (charge: Charge, part: Proration | null) =>
    reversalOf(charge, { id: hashedId<'charge'>('a reversal', 7), period: april, part });

  it('takes back what was really billed, and names it', () => {
    const charge = { ...charged(flat('2900'), Decimal.one, 'USD', april), amount: Money.of(3521n, 'USD') };
    expect(back(charge, null)).toMatchObject({ amount: { amount: -3521n }, reverses: charge.id, exactAmount: '-3521', priceCode: 'base' });
    expect(back(charge, days(17, 30))).toMatchObject({ amount: { amount: -1995n }, proration: days(17, 30) });
  });

  it('takes nothing back twice', () => {
    const charge = charged(flat('2900'), Decimal.one, 'USD', april);
    expect(() => back(back(charge, null), null)).toThrow('is a reversal itself');
  });

  it('never takes back more than was billed, and all of it for all of the days', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 1, max: 366 }), fc.nat(366), (amount, whole, part) => {
        const charge = charged(flat(amount.toString()), Decimal.one, 'USD', april);
        const taken = -back(charge, days(Math.min(part, whole), whole)).amount.amount;
        expect(taken >= 0n && taken <= amount).toBe(true);
        expect(back(charge, days(whole, whole)).amount.amount).toBe(-amount);
      }),
    );
  });
});

describe('A one-off charge', () => {
  const oneOff = (quantity: string, unitAmount: string) =>
    oneOffCharge({ id, name: 'Consulting', quantity, unitAmount, taxCode: null, currency: 'EUR', at: april.start });

  it('is its quantity times its price, rounded once, and belongs to no subscription', () => {
    expect(oneOff('7.5', '1000.1')).toMatchObject({
      ...{ subscriptionId: null, plan: null, priceCode: null, kind: 'oneTime', name: 'Consulting' },
      ...{ amount: { amount: 7501n }, exactAmount: '7500.75', period: { start: april.start, end: april.start } },
    });
  });

  it('is never below zero', () => {
    expect(() => oneOff('-1', '1000')).toThrow('reversal');
  });
});
