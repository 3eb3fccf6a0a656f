import type { FlatTerms, Terms } from '#pricing/price.js';
import type { PlanView, PriceView } from '../read-models/plan-details/plan-details.query.js';

/** A plan as REST shows it: its flat amounts are numbers on the wire. */
export function planForm(plan: PlanView): object {
  return { ...plan, prices: plan.prices.map(priceForm) };
}

function priceForm(price: PriceView): object {
  const terms = Object.entries(price.currencies).map(([currency, given]) => [currency, termsForm(price, given)]);
  return { ...price, currencies: Object.fromEntries(terms) };
}

function termsForm({ model }: PriceView, terms: Terms['terms']): object {
  // A flat amount came as a number that is exact, so it can leave as one.
  return model === 'flat' ? { amount: Number((terms as FlatTerms).amount) } : terms;
}
