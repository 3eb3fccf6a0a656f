import type { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { ExplainedStep } from '#pricing/explanation.js';
import type { Proration } from '#pricing/proration.js';

/** One price of a quote, rounded, and how it came about. Discounts are above zero, and not taken off `amount`. */
export interface QuoteLine {
  readonly priceCode: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitAmount: string | null;
  readonly amount: Money;
  readonly exactAmount: string;
  readonly period: Period;
  readonly proration: Proration | null;
  readonly reversal: boolean;
  readonly discounts: readonly { readonly amount: Money }[];
  readonly taxes: readonly never[];
  readonly explanation: { readonly steps: readonly ExplainedStep[] };
}
