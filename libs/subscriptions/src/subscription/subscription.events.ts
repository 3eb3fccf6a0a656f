import { ERASED } from '#event-sourcing/declared-fields.js';
import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Bill } from '#pricing/bill.js';
import type { Charge, Proration } from '#pricing/charge.js';
import type { AgreedPrice } from '#pricing/price.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** The terms are copied from the plan's version, names included, so that a later change of the catalog changes nothing that was agreed. */
export interface PlanTerms {
  readonly planId: PlanId;
  readonly planVersion: number;
  readonly planName: string;
  readonly interval: Interval;
  readonly prices: readonly AgreedPrice[];
}

/** How many of a price are subscribed to. Prices that take no quantity have no item. */
export interface Item {
  readonly priceCode: string;
  /** A decimal string. */
  readonly quantity: string;
}

interface OfSubscription {
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
}

/** What an event charges or takes back. Whatever of it is not on a bill waits for a later one. */
interface WithBilling {
  /** Null where nothing is billed with the event. */
  readonly bill: Bill | null;
  /** What would have made the bill negative. */
  readonly unbilled?: readonly Charge[];
}

const billing = ['bill.charges[].amount', 'unbilled[].amount'] as const;

export class SubscriptionStarted extends DomainEvent('SubscriptionStarted', { money: ['bill.charges[].amount'] })<
  OfSubscription & {
    readonly currency: Currency;
    readonly timeZone: TimeZone;
    readonly terms: PlanTerms;
    readonly items: readonly Item[];
    readonly startedAt: Instant;
    /** The trial's end; null where billing begins at once. */
    readonly trialEnd: Instant | null;
    /** The id that the seller's own system has for it: given at the start, kept for ever. */
    readonly externalId?: string;
    /** The day of the month to bill on, where it was chosen. */
    readonly anchorDay: number | null;
    readonly metadata: Readonly<Record<string, string>>;
    /** What is charged once at the start of a trial; without one it comes with the first period. */
    readonly bill: Bill | null;
  }
> {}

/**
 * A period has begun. Its bill is invoiced in the same transaction: what is charged for it in advance, and what earlier
 * periods have left to be billed with it.
 */
export class PeriodStarted extends DomainEvent('PeriodStarted', { money: billing })<
  OfSubscription &
    WithBilling & {
      /** From 1, and never again from the beginning, whatever happens to the cycle: what is billed is known by it. */
      readonly number: number;
      /** The place in its cycle, from 0 on, from which the days of the period follow. */
      readonly index: number;
      readonly period: Period;
      /** Where the period begins a cycle: its days follow from this anchor. */
      readonly anchor?: Anchor;
    }
> {}

export interface LateUsage {
  /** What came by then is settled, and nothing is accepted any more. */
  readonly until: Instant;
  /** The part of a whole period that the limits of its prices are for. */
  readonly part: Proration | null;
}

/** A period is over: because the next one begins, or with the subscription. What is charged in arrears is billed with the next period, where there is one. */
export class PeriodEnded extends DomainEvent('PeriodEnded', { money: billing })<
  OfSubscription &
    WithBilling & {
      readonly number: number;
      /** Until when it really lasted. */
      readonly period: Period;
      readonly because: 'renewed' | 'canceled';
      /** Until when what was used in it may still come; null where nothing is metered, or where nothing can come any more. */
      readonly lateUsage: LateUsage | null;
    }
> {}

/** What a price comes to for a period, all told. */
export interface SettledUsage {
  readonly priceCode: string;
  /** Under which name it was counted. */
  readonly meter: string;
  /** A decimal string; what the meter says, even below zero. */
  readonly quantity: string;
  readonly amount: Money;
}

/** The usage of a period that is over is final: nothing more is accepted. Where an amount has changed, what was billed is taken back and billed anew. */
export class UsageSettled extends DomainEvent('UsageSettled', { money: ['used[].amount', ...billing] })<
  OfSubscription &
    WithBilling & {
      readonly number: number;
      readonly period: Period;
      /** In the order of the plan, what was billed before included. */
      readonly used: readonly SettledUsage[];
    }
> {}

export class CancellationScheduled extends DomainEvent('CancellationScheduled')<OfSubscription & { readonly endsAt: Instant }> {}

export class SubscriptionCanceled extends DomainEvent('SubscriptionCanceled')<
  OfSubscription & {
    readonly canceledAt: Instant /** By a decision to end now, or as it was scheduled. */;
    readonly ends: 'now' | 'at-period-end';
  }
> {}

/** What was due and could not be billed is due again. */
export class BillingRetried extends DomainEvent('BillingRetried', { person: { reason: ERASED } })<
  OfSubscription & {
    readonly reason: string;
    readonly due:
      | { readonly what: 'renewal'; readonly number: number; readonly at: Instant }
      | { readonly what: 'trial-end'; readonly at: Instant }
      | { readonly what: 'late-usage'; readonly number: number; readonly at: Instant };
  }
> {}

export const subscriptionEvents = [
  SubscriptionStarted,
  PeriodStarted,
  PeriodEnded,
  UsageSettled,
  CancellationScheduled,
  SubscriptionCanceled,
  BillingRetried,
] as const;
export type SubscriptionEvent = EventOf<typeof subscriptionEvents>;
