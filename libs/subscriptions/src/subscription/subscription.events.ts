import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import type { AgreedPrice } from '#pricing/price.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** The terms are copied from the plan's version, so that a later change of the catalog changes nothing that was agreed. */
export interface PlanTerms {
  readonly planId: PlanId;
  readonly planVersion: number;
  readonly interval: Interval;
  readonly prices: readonly AgreedPrice[];
}

interface OfSubscription {
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
}

export class SubscriptionStarted extends DomainEvent('SubscriptionStarted')<
  OfSubscription & {
    readonly currency: Currency;
    readonly timeZone: TimeZone;
    readonly terms: PlanTerms;
    readonly quantity: number;
    readonly startedAt: Instant;
    /** The trial's end; null where billing begins at once. */
    readonly trialEnd: Instant | null;
    /** The day of the month to bill on, where it was chosen. */
    readonly anchorDay: number | null;
    readonly metadata: Readonly<Record<string, string>>;
  }
> {}

/** Begins with a trial's end, or is recorded with the start; the cycle's days follow from this anchor. */
export class BillingCycleAnchored extends DomainEvent('BillingCycleAnchored')<OfSubscription & { readonly anchor: Anchor }> {}

/** A period has begun, and what is charged for it: invoiced in the same transaction. */
export class PeriodStarted extends DomainEvent('PeriodStarted', { money: ['charges[].amount'] })<
  OfSubscription & {
    readonly index: number;
    readonly period: Period;
    readonly currency: Currency;
    readonly planId: PlanId;
    readonly planVersion: number;
    readonly charges: readonly Charge[];
  }
> {}

export class CancellationScheduled extends DomainEvent('CancellationScheduled')<OfSubscription & { readonly endsAt: Instant }> {}

export class SubscriptionCanceled extends DomainEvent('SubscriptionCanceled')<OfSubscription & { readonly canceledAt: Instant }> {}

/** What was due and could not be billed is due again. */
export class BillingRetried extends DomainEvent('BillingRetried')<
  OfSubscription & {
    readonly reason: string;
    readonly due:
      | { readonly what: 'renewal'; readonly index: number; readonly at: Instant }
      | { readonly what: 'trial-end'; readonly at: Instant };
  }
> {}

export const subscriptionEvents = [
  SubscriptionStarted,
  BillingCycleAnchored,
  PeriodStarted,
  CancellationScheduled,
  SubscriptionCanceled,
  BillingRetried,
] as const;
export type SubscriptionEvent = EventOf<typeof subscriptionEvents>;
