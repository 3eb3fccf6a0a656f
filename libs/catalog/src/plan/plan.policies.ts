import type { Currency } from '#kernel/currency.js';
import { decimal } from '#kernel/decimal.js';
import { hashedId, type PlanId } from '#kernel/ids.js';
import { type Interval, interval } from '#kernel/interval.js';
import { amountInvalid } from '#kernel/money-wire.js';
import type { FlatTerms, PerUnitTerms, Price, PriceKind, PricingModel } from '#pricing/price.js';
import type { Offer } from './plan.events.js';
import { planWithoutPrices, priceCodeRepeated, pricingModelNotSupported, trialDaysInvalid } from './plan.refusals.js';

/** A price as it is asked for: in the shape of one, but perhaps of a kind that cannot be billed yet. */
export interface ProposedPrice {
  readonly code: string;
  readonly kind: PriceKind;
  readonly model: PricingModel;
  readonly billing: 'advance' | 'arrears';
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  /** By currency; numbers are decimal strings. */
  readonly currencies: Readonly<Partial<Record<Currency, object>>>;
}

export type ProposedOffer = Omit<Offer, 'interval' | 'prices'> & {
  readonly interval: { readonly unit: string; readonly count: number };
  readonly prices: readonly ProposedPrice[];
};

const MOST_TRIAL_DAYS = 730;
/** What a JSON number keeps exactly, and what no price needs more than. */
const MOST = decimal(String(Number.MAX_SAFE_INTEGER));

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
    return checkedPrice(price, pointer);
  });
  return { name, interval: checkedInterval, trialDays, prices: checkedPrices, metadata };
}

function checkedPrice({ code, kind, model, billing, taxCode, taxBehavior, currencies }: ProposedPrice, pointer: string): Price {
  if (model !== 'flat' && model !== 'perUnit') {
    throw pricingModelNotSupported(`The pricing model ${model} cannot be billed yet.`, { pointer: `${pointer}/model` });
  }
  if (kind === 'usage') throw pricingModelNotSupported('Usage cannot be billed yet.', { pointer: `${pointer}/kind` });
  if (billing === 'arrears') throw pricingModelNotSupported('Billing in arrears is not possible yet.', { pointer: `${pointer}/billing` });
  const entries = Object.entries(currencies) as [Currency, object][];
  if (entries.length === 0) throw planWithoutPrices(`The price ${code} has no currency.`, { pointer: `${pointer}/currencies` });
  const read = model === 'flat' ? flatTerms : perUnitTerms;
  const terms = entries.map(([currency, given]) => [currency, read(given, `${pointer}/currencies/${currency}`)]);
  return { code, kind, model, billing, taxCode, taxBehavior, currencies: Object.fromEntries(terms) };
}

function flatTerms(given: Partial<FlatTerms>, pointer: string): FlatTerms {
  const amount = decimal(given.amount ?? '', `${pointer}/amount`);
  if (amount.isNegative || amount.scale > 0 || amount.compare(MOST) > 0) {
    throw amountInvalid(`${given.amount} is not a whole number from 0 to ${MOST}.`, { pointer: `${pointer}/amount` });
  }
  return { amount: amount.toString() };
}

function perUnitTerms(given: Partial<PerUnitTerms>, pointer: string): PerUnitTerms {
  const unitAmount = decimal(given.unitAmount ?? '', `${pointer}/unitAmount`);
  if (unitAmount.isNegative || unitAmount.compare(MOST) > 0) {
    throw amountInvalid(`${given.unitAmount} is not from 0 to ${MOST}.`, {
      pointer: `${pointer}/unitAmount`,
      hint: 'A unit costs from 0 to 9007199254740991 minor units, as a decimal string.',
    });
  }
  return { unitAmount: unitAmount.toString() };
}
