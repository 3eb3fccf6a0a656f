import fc from 'fast-check';
import { Decimal, decimal } from '#kernel/decimal.js';
import { Rational } from '#kernel/rational.js';
import { redoneSum } from '../../../test/support/redone-sum.js';
import { explanationOf } from './explanation.js';
import { countFees, noFees } from './models/fee-counts.js';
import { days, flat, packaged, percentage, perUnit, priced, tiered } from './price.examples.js';
import type { AgreedPrice, Tier } from './price.js';
import { priceOf } from './price-of.js';

const decimals = (most: bigint, places: number) =>
  fc.bigInt({ min: 0n, max: most * 10n ** BigInt(places) }).map((u) => Decimal.of(u, places));
const quantity = decimals(10n ** 15n, 6);
const unitAmount = decimals(10n ** 6n, 6).map(String);
const amount = fc.bigInt({ min: 0n, max: 10n ** 9n }).map(String);
const positive = decimals(10n ** 6n, 3).filter(({ isPositive }) => isPositive);
const maybe = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: undefined });

/** Ascending limits with any prices, the last tier open. */
const anyTiers = fc
  .tuple(fc.array(positive, { maxLength: 5 }), fc.array(fc.record({ unitAmount, flatAmount: amount }), { minLength: 6, maxLength: 6 }))
  .map(([widths, terms]): Tier[] => {
    let limit = Decimal.zero;
    const closed = widths.map((width, index) => {
      limit = limit.plus(width);
      return { upTo: limit.toString(), ...terms[index]! };
    });
    return [...closed, { upTo: null, ...terms[5]! }];
  });
const limits = fc.tuple(maybe(amount), maybe(amount)).map(([a, b]) => {
  const [low, high] = a !== undefined && b !== undefined && BigInt(a) > BigInt(b) ? [b, a] : [a, b];
  return { ...(low !== undefined && { periodMinimum: low }), ...(high !== undefined && { periodMaximum: high }) };
});
const defined = <T extends object>(terms: T): T =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)) as T;

const anyPercentage: fc.Arbitrary<AgreedPrice> = fc
  .record({
    rate: decimals(100n, 4).map(String),
    fixedAmount: maybe(amount),
    minimumAmount: maybe(fc.constant('10')),
    maximumAmount: maybe(fc.constant('5000')),
    freeUnits: maybe(fc.integer({ min: 0, max: 5 }).map(String)),
    freeAmount: maybe(decimals(10n ** 7n, 0).map(String)),
  })
  .map((terms) => percentage(defined(terms)));
const anyPrice: fc.Arbitrary<AgreedPrice> = fc.oneof(
  fc.tuple(amount, limits).map(([a, more]) => flat(a, more)),
  fc.tuple(unitAmount, maybe(quantity.map(String)), limits).map(([u, freeUnits, more]) => perUnit(u, defined({ freeUnits, ...more }))),
  fc
    .tuple(fc.constantFrom('graduated' as const, 'volume' as const), anyTiers, limits)
    .map(([model, tiers, more]) => tiered(model, tiers, more)),
  fc.tuple(anyTiers, limits).map(([tiers, more]) =>
    tiered(
      'stairStep',
      tiers.map(({ upTo, flatAmount }) => ({ upTo, flatAmount })),
      more,
    ),
  ),
  fc
    .record({ packageSize: positive.map(String), packageAmount: amount, freeUnits: maybe(quantity.map(String)) })
    .map((terms) => packaged(defined(terms))),
  anyPercentage,
);
const anyPart = fc.option(fc.integer({ min: 1, max: 366 }).chain((whole) => fc.integer({ min: 0, max: whole }).map((n) => days(n, whole))));
const events = fc.array(
  fc
    .tuple(decimals(10n ** 6n, 3), fc.integer({ min: 0, max: 9 }))
    .map(([event, sign]) => (sign === 0 ? event.negated() : event).toString()),
  { maxLength: 12 },
);
const exactly = (price: AgreedPrice, used: Decimal | readonly string[]): Rational =>
  priced(price, used instanceof Decimal ? used.toString() : used).exact;
const atMost = (a: Rational, b: Rational): boolean => a.compare(b) <= 0;

describe('Whatever the price and whatever is used', () => {
  it('somebody else comes to the same amount from the explanation alone', () => {
    fc.assert(
      fc.property(anyPrice, quantity, events, anyPart, (price, used, list, part) => {
        const { amount: charged, steps } = priced(price, price.model === 'percentage' ? list : used.toString(), part);
        expect(redoneSum(steps)).toBe(charged);
      }),
      { numRuns: 500 },
    );
  });

  it('no price is below zero, and none of a part is above that of the whole', () => {
    fc.assert(
      fc.property(anyPrice, quantity, anyPart, (price, used, part) => {
        const [inPart, whole] = [priced(price, used.toString(), part).exact, priced(price, used.toString()).exact];
        expect(atMost(Rational.of(0n), inPart)).toBe(true);
        if (price.kind !== 'usage') expect(atMost(inPart, whole)).toBe(true);
      }),
    );
  });

  it('every sentence is one, without an exponent or a missing number', () => {
    fc.assert(
      fc.property(anyPrice, quantity, events, anyPart, (price, used, list, part) => {
        for (const { text } of priced(price, price.model === 'percentage' ? list : used.toString(), part).steps) {
          expect(text).toMatch(/^\S.*\.$/);
          expect(text).not.toMatch(/undefined|null|NaN|e\+|\d\.\D/);
        }
      }),
    );
  });
});

describe('More never costs less', () => {
  it.each<[string, fc.Arbitrary<AgreedPrice>]>([
    ['per unit', fc.tuple(unitAmount, maybe(quantity.map(String))).map(([u, freeUnits]) => perUnit(u, defined({ freeUnits })))],
    ['in graduated tiers', anyTiers.map((tiers) => tiered('graduated', tiers))],
    ['in packages', fc.tuple(positive.map(String), amount).map(([packageSize, packageAmount]) => packaged({ packageSize, packageAmount }))],
  ])('%s', (_, prices) => {
    fc.assert(
      fc.property(prices, quantity, quantity, (price, a, b) => {
        expect(atMost(exactly(price, a), exactly(price, a.plus(b)))).toBe(true);
      }),
    );
  });

  it('with a percentage, for one event more', () => {
    const prices = fc.record({ rate: decimals(100n, 4).map(String), fixedAmount: maybe(amount), freeAmount: maybe(amount) });
    fc.assert(
      fc.property(prices, events, decimals(10n ** 6n, 3), (terms, list, more) => {
        const price = percentage(defined(terms));
        expect(atMost(exactly(price, list), exactly(price, [...list, more.toString()]))).toBe(true);
      }),
    );
  });
});

describe('A percentage of events that are counted as they come', () => {
  it('is that of all of them at once, in whatever batches they came, and its sum can be redone', () => {
    const batches = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(anyPercentage, events, batches, (price, list, sizes) => {
        if (price.model !== 'percentage') throw new Error(`${price.model} is no percentage.`);
        const rest = list.map((text) => decimal(text));
        let feeCounts = noFees;
        for (const size of sizes) feeCounts = countFees(price.terms, feeCounts, rest.splice(0, size));
        const quantity = list.reduce((sum, text) => sum.plus(decimal(text)), Decimal.zero);
        const sum = priceOf(price, { quantity, feeCounts }, null);
        expect(sum.exact).toEqual(exactly(price, list));
        expect(redoneSum(explanationOf(sum, 'USD'))).toBe(sum.exact.roundHalfUp());
      }),
      { numRuns: 1000 },
    );
  });
});

describe('Graduated tiers', () => {
  const falling = anyTiers.map((tiers) => {
    const prices = tiers.map((tier) => tier.unitAmount!).sort((a, b) => decimal(b).compare(decimal(a)));
    return tiers.map(({ upTo }, index) => ({ upTo, unitAmount: prices[index]! }));
  });

  it("never cost more than all at the first tier's price, nor less than all in the tier reached, when prices fall", () => {
    fc.assert(
      fc.property(falling, quantity, (tiers, used) => {
        const price = exactly(tiered('graduated', tiers), used);
        expect(atMost(price, exactly(perUnit(tiers[0]!.unitAmount), used))).toBe(true);
        expect(atMost(exactly(tiered('volume', tiers), used), price)).toBe(true);
      }),
    );
  });

  it('cost the same in parts as in the whole, when the parts end at the limits', () => {
    fc.assert(
      fc.property(anyTiers, quantity, (tiers, used) => {
        let parts = Rational.of(0n);
        tiers.forEach(({ unitAmount: each, flatAmount }, index) => {
          const from = index === 0 ? Decimal.zero : decimal(tiers[index - 1]!.upTo!);
          if (index > 0 && used.compare(from) <= 0) return;
          const { upTo } = tiers[index]!;
          const end = upTo !== null && used.compare(decimal(upTo)) > 0 ? decimal(upTo) : used;
          parts = parts.plus(exactly(perUnit(each!), end.minus(from))).plus(exactly(flat(flatAmount!), Decimal.one));
        });
        expect(parts).toEqual(exactly(tiered('graduated', tiers), used));
      }),
    );
  });

  it('of one price are that price per unit', () => {
    fc.assert(
      fc.property(fc.array(positive, { maxLength: 4 }), unitAmount, quantity, (widths, each, used) => {
        let limit = Decimal.zero;
        const closed = widths.map((width) => {
          limit = limit.plus(width);
          return { upTo: limit.toString(), unitAmount: each };
        });
        const tiers = [...closed, { upTo: null, unitAmount: each }];
        for (const model of ['graduated', 'volume'] as const) {
          expect(exactly(tiered(model, tiers), used)).toEqual(exactly(perUnit(each), used));
        }
      }),
    );
  });

  it('have their steps sum to the whole', () => {
    fc.assert(
      fc.property(anyTiers, quantity, (tiers, used) => {
        const { exactAmount, steps } = priced(tiered('graduated', tiers), used.toString());
        const parts = steps.flatMap((step) => (step.rule === 'graduatedTier' ? [decimal24(step.amount)] : []));
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(decimal24(exactAmount));
      }),
    );
  });
});

/** As a whole number of 10^-24, which no amount here has more places than. */
function decimal24(text: string): bigint {
  const [whole, places = ''] = text.split('.');
  return BigInt(whole! + places.padEnd(24, '0'));
}
