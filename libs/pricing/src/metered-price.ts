import type { Meter } from './meter.js';
import type { AgreedPrice } from './price.js';

/** A price of usage, in one currency. */
export type MeteredPrice = AgreedPrice & { readonly meter: Meter };

/** Its fee is of each event, so it is not told by what the events come to together. */
export type PercentagePrice = MeteredPrice & { readonly model: 'percentage' };

export function isMetered(price: AgreedPrice): price is MeteredPrice {
  return price.meter !== undefined;
}

export function isPercentage(price: MeteredPrice): price is PercentagePrice {
  return price.model === 'percentage';
}
