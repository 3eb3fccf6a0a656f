import type { Currency } from '#kernel/currency.js';
import type { Meter } from './meter.js';

export type PriceKind = 'recurring' | 'usage' | 'oneTime';
export type PricingModel = Terms['model'];
/** When a one-time price is billed: as the subscription starts, in a trial too, or when its trial has ended. */
export type BilledAt = 'start' | 'trialEnd';

// Terms are what a price costs in one currency. Their numbers are decimal strings, as in events: amounts whole numbers of the
// minor unit, unit amounts parts of it as well. A term that was not given is absent.

/** Whatever the model comes to, a whole period costs no less and no more. */
export interface PeriodLimits {
  readonly periodMinimum?: string;
  readonly periodMaximum?: string;
}

/** One amount for the whole. */
export interface FlatTerms extends PeriodLimits {
  readonly amount: string;
}

/** So much for each unit, after the free ones: `"0.25"` is a quarter of a cent. */
export interface PerUnitTerms extends PeriodLimits {
  readonly unitAmount: string;
  readonly freeUnits?: string;
}

/** The quantities above the tier before, up to `upTo` and including it; the last one is open. */
export interface Tier {
  readonly upTo: string | null;
  readonly unitAmount?: string;
  readonly flatAmount?: string;
}

export interface TieredTerms extends PeriodLimits {
  readonly tiers: readonly Tier[];
}

/** So much for each started package of units, after the free ones. */
export interface PackageTerms extends PeriodLimits {
  readonly packageSize: string;
  readonly packageAmount: string;
  readonly freeUnits?: string;
}

/** A percentage of the amount of each event, with a fixed fee, a minimum and a maximum for each event that is charged. */
export interface PercentageTerms extends PeriodLimits {
  readonly rate: string;
  readonly fixedAmount?: string;
  readonly minimumAmount?: string;
  readonly maximumAmount?: string;
  /** So many events are free. */
  readonly freeUnits?: string;
  /** So much of their sum is free. */
  readonly freeAmount?: string;
}

export type Terms =
  | { readonly model: 'flat'; readonly terms: FlatTerms }
  | { readonly model: 'perUnit'; readonly terms: PerUnitTerms }
  | { readonly model: 'graduated'; readonly terms: TieredTerms }
  | { readonly model: 'volume'; readonly terms: TieredTerms }
  | { readonly model: 'stairStep'; readonly terms: TieredTerms }
  | { readonly model: 'package'; readonly terms: PackageTerms }
  | { readonly model: 'percentage'; readonly terms: PercentageTerms };

/** A price of a plan, as the catalog publishes it: the same in every currency but for its terms. */
export interface Price {
  readonly code: string;
  /** In words a customer knows; the plan's name stands for a price that has none. */
  readonly name?: string;
  readonly kind: PriceKind;
  readonly model: PricingModel;
  readonly billing: 'advance' | 'arrears';
  /** Of one-time prices only. */
  readonly billedAt?: BilledAt;
  /** Of usage only: how its events become a quantity. */
  readonly meter?: Meter;
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  readonly currencies: Readonly<Partial<Record<Currency, Terms['terms']>>>;
}

/** A price in one currency: what a subscription has agreed to, and what an invoice line refers to. */
export type AgreedPrice = Omit<Price, 'model' | 'currencies'> & Terms;

/** The price in a currency, or undefined where the catalog has none. */
export function priceIn(price: Price, currency: Currency): AgreedPrice | undefined {
  const terms = price.currencies[currency];
  if (!terms) return undefined;
  const { currencies: _, ...shared } = price;
  return { ...shared, terms } as AgreedPrice;
}

/** Whether a subscriber chooses how many: what is used is counted, and a flat price is for the whole. */
export function takesQuantity({ kind, model }: Pick<Price, 'kind' | 'model'>): boolean {
  return kind !== 'usage' && model !== 'flat';
}
