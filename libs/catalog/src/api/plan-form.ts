import type { PlanView } from '../read-models/plan-details/plan-details.query.js';
import type { PriceView } from '../read-models/price-view.js';

/** A plan as REST shows it: the amounts of its prices are numbers on the wire. */
export function planForm(plan: PlanView): object {
  return { ...plan, prices: plan.prices.map(priceForm) };
}

function priceForm(price: PriceView): object {
  const terms = Object.entries(price.currencies).map(([currency, given]) => [currency, termsForm(given)]);
  return { ...price, currencies: Object.fromEntries(terms) };
}

function termsForm(terms: object): object {
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, valueForm(name, value)]));
}

function valueForm(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((tier: object) => termsForm(tier));
  // It came as a number that is exact, so it can leave as one.
  return isAmount(name) ? Number(value) : value;
}

/** Of one unit the amount may be a part of the minor unit, and is a decimal string everywhere. */
export function isAmount(name: string): boolean {
  return name !== 'unitAmount' && /^(?:amount|.*Amount|period(?:Minimum|Maximum))$/.test(name);
}
