import { instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { AgreedPrice, Price } from './price.js';

// The same named examples for every specification of this library.

export const aFlatPrice: Price = {
  code: 'base',
  kind: 'recurring',
  model: 'flat',
  billing: 'advance',
  taxCode: 'txcd_10103001',
  taxBehavior: 'exclusive',
  currencies: { USD: { amount: '2900' }, EUR: { amount: '2700' } },
};

const { currencies: _, ...base } = aFlatPrice;

/** So many minor units for the whole. */
export const flat = (amount: string): AgreedPrice => ({ ...base, model: 'flat', terms: { amount } });

/** So many minor units, and parts of them, for each unit. */
export const perUnit = (unitAmount: string): AgreedPrice => ({ ...base, code: 'seats', model: 'perUnit', terms: { unitAmount } });

export const april: Period = { start: instant('2026-04-01T00:00:00Z'), end: instant('2026-05-01T00:00:00Z') };
