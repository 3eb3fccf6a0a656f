import type { Decimal } from '#kernel/decimal.js';
import type { TieredTerms } from '../price.js';
import type { Sum } from '../step.js';
import { inRange, rangeOf, rangesOf } from './tiers.js';

/** The flat amount of the tier that the quantity lies in, and nothing for a unit. */
export function stairStep(terms: TieredTerms, quantity: Decimal): Sum {
  const { exact, step } = inRange(rangeOf(rangesOf(terms), quantity), quantity);
  return { exact, unitAmount: null, steps: [{ rule: 'stairStep', ...step }] };
}
