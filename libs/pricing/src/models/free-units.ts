import { Decimal, decimal } from '#kernel/decimal.js';
import type { Step } from '../step.js';

/** What is left of a quantity after so many free units. */
export function afterFreeUnits(quantity: Decimal, freeUnits: string | undefined): { charged: Decimal; steps: Step[] } {
  if (freeUnits === undefined) return { charged: quantity, steps: [] };
  const rest = quantity.minus(decimal(freeUnits));
  const charged = rest.isNegative ? Decimal.zero : rest;
  return { charged, steps: [{ rule: 'freeUnits', quantity: quantity.toString(), freeUnits, chargedQuantity: charged.toString() }] };
}
