import type { Currency } from '#kernel/currency.js';

export type PriceKind = 'recurring' | 'usage' | 'oneTime';
export type PricingModel = 'flat' | 'perUnit' | 'graduated' | 'volume' | 'package' | 'stairStep' | 'percentage';

/** One amount for the whole, in minor units as a whole number. */
export interface FlatTerms {
  readonly amount: string;
}

/** An exact price of one unit, in minor units and parts of them: `"0.25"` is a quarter of a cent. */
export interface PerUnitTerms {
  readonly unitAmount: string;
}

/** What a price costs in one currency. The numbers are decimal strings, as in events and on the wire. */
export type Terms = { readonly model: 'flat'; readonly terms: FlatTerms } | { readonly model: 'perUnit'; readonly terms: PerUnitTerms };

/** A price of a plan, as the catalog publishes it: the same in every currency but for its terms. */
export interface Price {
  readonly code: string;
  readonly kind: PriceKind;
  readonly model: 'flat' | 'perUnit';
  readonly billing: 'advance' | 'arrears';
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  readonly currencies: Readonly<Partial<Record<Currency, FlatTerms | PerUnitTerms>>>;
}

/** A price in one currency: what a subscription has agreed to, and what an invoice line refers to. */
export type AgreedPrice = Pick<Price, 'code' | 'kind' | 'billing' | 'taxCode' | 'taxBehavior'> & Terms;

/** The price in a currency, or undefined where the catalog has none. */
export function priceIn(price: Price, currency: Currency): AgreedPrice | undefined {
  const terms = price.currencies[currency];
  if (!terms) return undefined;
  const { code, kind, billing, taxCode, taxBehavior } = price;
  return { code, kind, billing, taxCode, taxBehavior, model: price.model, terms } as AgreedPrice;
}
