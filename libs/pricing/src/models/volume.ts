import type { Decimal } from '#kernel/decimal.js';
import type { TieredTerms } from '../price.js';
import type { Sum } from '../step.js';
import { inRange, rangeOf, rangesOf } from './tiers.js';

/** All units at the price of the tier that the quantity lies in, and the flat fee of that tier. */
export function volume(terms: TieredTerms, quantity: Decimal): Sum {
  const range = rangeOf(rangesOf(terms), quantity);
  const { exact, step } = inRange(range, quantity);
  return { exact, unitAmount: range.flatAmount.isZero ? step.unitAmount : null, steps: [{ rule: 'volumeTier', ...step }] };
}
