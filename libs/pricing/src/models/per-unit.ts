import { type Decimal, decimal } from '#kernel/decimal.js';
import type { PerUnitTerms } from '../price.js';
import type { Sum } from '../step.js';
import { afterFreeUnits } from './free-units.js';

/** So much for each unit, and for the same part of one the same part of it. */
export function perUnit({ unitAmount, freeUnits }: PerUnitTerms, quantity: Decimal): Sum {
  const { charged, steps } = afterFreeUnits(quantity, freeUnits);
  const exact = decimal(unitAmount).times(charged);
  return {
    exact,
    unitAmount,
    steps: [...steps, { rule: 'perUnit', quantity: charged.toString(), unitAmount, amount: exact.toString() }],
  };
}
