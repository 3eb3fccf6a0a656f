import type { Decimal } from '#kernel/decimal.js';

/**
 * The steps of a sum, one after the other, with all numbers as decimal strings and amounts in minor units: a reader who knows the
 * rules' names can redo it from these alone. What a rule adds to the price is its `amount`; the others say what the amount is of.
 */
export type Step =
  | { readonly rule: 'belowZero'; readonly quantity: string }
  | { readonly rule: 'reversal'; readonly charged: string; readonly amount: string }
  | { readonly rule: 'flat'; readonly amount: string }
  | { readonly rule: 'freeUnits'; readonly quantity: string; readonly freeUnits: string; readonly chargedQuantity: string }
  | { readonly rule: 'perUnit'; readonly quantity: string; readonly unitAmount: string; readonly amount: string }
  | (TierStep & { readonly rule: 'graduatedTier' })
  | (TierStep & { readonly rule: 'volumeTier' })
  | (TierStep & { readonly rule: 'stairStep' })
  | {
      readonly rule: 'package';
      readonly quantity: string;
      readonly packageSize: string;
      readonly packages: string;
      readonly packageAmount: string;
      readonly amount: string;
    }
  | { readonly rule: 'freeEvents'; readonly freeUnits: string | null; readonly freeAmount: string | null }
  | PercentageStep
  | PercentageOfEventsStep
  | EventLimitStep
  | { readonly rule: 'sum'; readonly amount: string }
  | LimitStep
  | { readonly rule: 'proration'; readonly numerator: string; readonly denominator: string; readonly unit: 'day' | 'second' }
  | { readonly rule: 'rounding'; readonly exactAmount: string; readonly amount: string };

/** `quantity` units lie in the tier above `from` up to `upTo`, or, where the tier is that of the whole, are all of them. */
export interface TierStep {
  readonly from: string;
  readonly upTo: string | null;
  readonly quantity: string;
  readonly unitAmount: string;
  readonly flatAmount: string;
  readonly amount: string;
}

/** So many events of one amount each, of which the same part is charged. `eachAmount` is the price of one of them. */
export interface PercentageStep {
  readonly rule: 'percentage';
  readonly events: string;
  readonly eventAmount: string;
  /** What no limit makes free; null where all of the event is free, so that it has no fee either. */
  readonly chargedAmount: string | null;
  readonly rate: string;
  readonly fixedAmount: string;
  readonly minimumAmount: string | null;
  readonly maximumAmount: string | null;
  readonly eachAmount: string;
  readonly amount: string;
}

/** Of events of different amounts: the rate of what is charged of them, and the fixed fee of each that is. */
export interface PercentageOfEventsStep {
  readonly rule: 'percentageOfEvents';
  readonly events: string;
  readonly eventsAmount: string;
  readonly chargedEvents: string;
  readonly chargedAmount: string;
  readonly rate: string;
  readonly fixedAmount: string;
  readonly amount: string;
}

/** So many events cost the minimum, or the maximum, of an event instead. */
export interface EventLimitStep {
  readonly rule: 'eventMinimum' | 'eventMaximum';
  readonly events: string;
  readonly eachAmount: string;
  readonly amount: string;
}

/** The price so far is raised or lowered to a limit, or to the same part of it as of the period that is charged. */
export interface LimitStep {
  readonly rule: 'periodMinimum' | 'periodMaximum';
  readonly limit: string;
  readonly part: { readonly numerator: string; readonly denominator: string; readonly unit: 'day' | 'second' } | null;
}

/** What a model comes to, exactly, and how. */
export interface Sum {
  readonly exact: Decimal;
  /** The one price of all units, where the model has one. */
  readonly unitAmount: string | null;
  readonly steps: readonly Step[];
}
