import type { Currency } from '#kernel/currency.js';
import { decimal } from '#kernel/decimal.js';
import { instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { explanationOf } from './explanation.js';
import type { AgreedPrice, PackageTerms, PercentageTerms, PeriodLimits, PerUnitTerms, Price, PriceKind, Terms, Tier } from './price.js';
import { priceOf } from './price-of.js';
import type { Proration } from './proration.js';

// The same named examples for every specification of this library.

export const aFlatPrice: Price = {
  code: 'base',
  kind: 'recurring',
  model: 'flat',
  billing: 'advance',
  taxCode: 'txcd_10103001',
  taxBehavior: 'exclusive',
  currencies: { USD: { amount: '2900' }, EUR: { amount: '2700' } },
};

const { currencies: _, ...base } = aFlatPrice;

/** So many minor units for the whole. */
export const flat = (amount: string, limits: PeriodLimits = {}): AgreedPrice => ({ ...base, model: 'flat', terms: { amount, ...limits } });

/** So many minor units, and parts of them, for each unit. */
export const perUnit = (unitAmount: string, more: Omit<PerUnitTerms, 'unitAmount'> = {}): AgreedPrice => ({
  ...base,
  code: 'seats',
  model: 'perUnit',
  terms: { unitAmount, ...more },
});

const metered = { ...base, code: 'calls', kind: 'usage', billing: 'arrears', meter: { metric: 'calls', aggregation: 'sum' } } as const;

export const tiered = (model: 'graduated' | 'volume' | 'stairStep', tiers: readonly Tier[], limits: PeriodLimits = {}): AgreedPrice => ({
  ...metered,
  model,
  terms: { tiers, ...limits },
});

export const packaged = (terms: PackageTerms): AgreedPrice => ({ ...metered, model: 'package', terms });

export const percentage = (terms: PercentageTerms): AgreedPrice => ({ ...metered, model: 'percentage', terms });

export const april: Period = { start: instant('2026-04-01T00:00:00Z'), end: instant('2026-05-01T00:00:00Z') };

export const days = (numerator: number | bigint, denominator: number | bigint): Proration => ({
  numerator: String(numerator),
  denominator: String(denominator),
  unit: 'day',
});

type PricedTerms = Terms & { readonly kind: PriceKind };

/** The whole sum of a quantity, or of events, with the explanation of a line. */
export function priced(price: PricedTerms, used: string | readonly string[], part: Proration | null = null, currency: Currency = 'USD') {
  const events = typeof used === 'string' ? undefined : used.map((text) => decimal(text));
  const quantity = typeof used === 'string' ? decimal(used) : events!.reduce((sum, each) => sum.plus(each), decimal('0'));
  const sum = priceOf(price, { quantity, events }, part);
  return {
    exact: sum.exact,
    exactAmount: sum.exact.toDecimal(12).toString(),
    amount: sum.exact.roundHalfUp(),
    steps: explanationOf(sum, currency),
    unitAmount: sum.unitAmount,
  };
}
