import { decimal } from '#kernel/decimal.js';
import type { FlatTerms } from '../price.js';
import type { Sum } from '../step.js';

/** One amount for the whole, whatever the quantity. */
export function flat({ amount }: FlatTerms): Sum {
  return { exact: decimal(amount), unitAmount: amount, steps: [{ rule: 'flat', amount }] };
}
