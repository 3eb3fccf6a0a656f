import { Decimal, decimal } from '#kernel/decimal.js';
import type { PackageTerms } from '../price.js';
import type { Sum } from '../step.js';
import { afterFreeUnits } from './free-units.js';

/** So much for each package of units; a started one is charged whole. */
export function packaged({ packageSize, packageAmount, freeUnits }: PackageTerms, quantity: Decimal): Sum {
  const { charged, steps } = afterFreeUnits(quantity, freeUnits);
  const packages = Decimal.of(charged.timesContainedUp(decimal(packageSize)));
  const exact = packages.times(decimal(packageAmount));
  const numbers = { quantity: charged.toString(), packageSize, packages: packages.toString(), packageAmount, amount: exact.toString() };
  return { exact, unitAmount: null, steps: [...steps, { rule: 'package', ...numbers }] };
}
