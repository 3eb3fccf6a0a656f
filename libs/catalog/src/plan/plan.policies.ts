import { hashedId, type PlanId } from '#kernel/ids.js';
import { type Interval, interval } from '#kernel/interval.js';
import { type ProposedPrice, soundPrice } from '#pricing/sound-price.js';
import type { Offer } from './plan.events.js';
import { planWithoutPrices, priceCodeRepeated, trialDaysInvalid } from './plan.refusals.js';

export type ProposedOffer = Omit<Offer, 'interval' | 'prices'> & {
  readonly interval: { readonly unit: string; readonly count: number };
  readonly prices: readonly ProposedPrice[];
};

const MOST_TRIAL_DAYS = 730;

/** The code is the plan's identity, so no two plans can ever have one code. */
export function planIdOf(code: string): PlanId {
  return hashedId(`plan/${code}`);
}

/** Refuses what cannot be sold as it is; the pointers are those of the request. */
export function checkedOffer({ name, metadata, trialDays, prices, ...given }: ProposedOffer): Offer {
  const checkedInterval: Interval = interval(given.interval, '/interval');
  if (!Number.isInteger(trialDays) || trialDays < 0 || trialDays > MOST_TRIAL_DAYS) {
    throw trialDaysInvalid(`A trial cannot last ${trialDays} days.`, { pointer: '/trialDays' });
  }
  if (prices.length === 0) throw planWithoutPrices('The plan has no price.', { pointer: '/prices' });
  const codes = new Set<string>();
  const checkedPrices = prices.map((price, index) => {
    const pointer = `/prices/${index}`;
    if (codes.has(price.code)) throw priceCodeRepeated(`Two prices have the code ${price.code}.`, { pointer: `${pointer}/code` });
    codes.add(price.code);
    return soundPrice(price, pointer);
  });
  return { name, interval: checkedInterval, trialDays, prices: checkedPrices, metadata };
}
