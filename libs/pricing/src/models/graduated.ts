import { Decimal } from '#kernel/decimal.js';
import type { TieredTerms } from '../price.js';
import type { Sum } from '../step.js';
import { inRange, type Range, rangesOf } from './tiers.js';

/** Each unit at the price of the tier that it lies in, and the flat fee of each tier that is reached; the first one always is. */
export function graduated(terms: TieredTerms, quantity: Decimal): Sum {
  const reached = rangesOf(terms).filter(({ from }, index) => index === 0 || quantity.compare(from) > 0);
  const parts = reached.map((range) => inRange(range, partIn(range, quantity)));
  const exact = parts.reduce((sum, part) => sum.plus(part.exact), Decimal.zero);
  return { exact, unitAmount: null, steps: parts.map(({ step }) => ({ rule: 'graduatedTier', ...step })) };
}

function partIn({ from, upTo }: Range, quantity: Decimal): Decimal {
  return (upTo !== null && quantity.compare(upTo) > 0 ? upTo : quantity).minus(from);
}
