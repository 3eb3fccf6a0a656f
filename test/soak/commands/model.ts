import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import { boundsDayByDay } from '../../../apps/cli/src/verify/day-by-day.js';

export interface ModelPlan {
  readonly id: string;
  readonly code: string;
  readonly interval: Interval;
  readonly trialDays: number;
  /** In US cents, for a seat; plans of the model are per unit. */
  cents: number;
  version: number;
  active: boolean;
}

export interface ModelAccount {
  readonly id: string;
  readonly timeZone: string;
  closed: boolean;
}

export interface ModelSubscription {
  readonly id: string;
  readonly account: ModelAccount;
  readonly planVersion: number;
  readonly interval: Interval;
  readonly cents: number;
  readonly quantity: number;
  readonly startedAt: Instant;
  readonly billingFrom: Instant;
  readonly hasTrial: boolean;
  readonly anchorDay: number | null;
  /** To end with the period or the trial that it is in. */
  endsAt: Instant | null;
  canceledAt: Instant | null;
}

/** What the system should know, kept in the simplest way: no events, no timers, no money type, periods found by walking. */
export class Model {
  readonly plans: ModelPlan[] = [];
  readonly accounts: ModelAccount[] = [];
  readonly subscriptions: ModelSubscription[] = [];

  constructor(
    readonly clockId: string,
    public now: Instant,
  ) {}

  /** The starts of the periods that have been invoiced by now, each with its end. */
  periods({ billingFrom, account, interval, anchorDay, canceledAt, endsAt }: ModelSubscription): { start: Instant; end: Instant }[] {
    // What begins in the moment of a cancellation had begun before it was asked for; at an end that was set before, nothing begins.
    const begins = (start: Instant) =>
      start <= this.now && (canceledAt === null || start <= canceledAt) && (endsAt === null || start < endsAt);
    const found: { start: Instant; end: Instant }[] = [];
    const bounds = boundsDayByDay({ start: billingFrom, timeZone: account.timeZone, interval, anchorDay });
    let start = bounds.next().value;
    while (begins(start)) {
      const end = bounds.next().value;
      found.push({ start, end });
      start = end;
    }
    return found;
  }

  status(subscription: ModelSubscription): 'trialing' | 'active' | 'canceled' {
    if (subscription.canceledAt !== null && subscription.canceledAt <= this.now) return 'canceled';
    return subscription.hasTrial && this.now < subscription.billingFrom ? 'trialing' : 'active';
  }

  /** Brings the clock forward; what was to end by then has ended. */
  advance(to: Instant): void {
    this.now = to;
    for (const subscription of this.subscriptions) {
      if (subscription.canceledAt === null && subscription.endsAt !== null && subscription.endsAt <= to)
        subscription.canceledAt = subscription.endsAt;
    }
  }

  /** The end of the trial or of the period that it is in. */
  currentEnd(subscription: ModelSubscription): Instant {
    return this.status(subscription) === 'trialing' ? subscription.billingFrom : this.periods(subscription).at(-1)!.end;
  }
}
