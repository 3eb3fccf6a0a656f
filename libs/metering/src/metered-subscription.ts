import type { Anchor } from '#kernel/anchor.js';
import { periodContaining } from '#kernel/calendar.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { type Meter, meterKey } from '#pricing/meter.js';
import type { MeteredPrice } from '#pricing/metered-price.js';

/** What must be known of a subscription to count its usage. */
export interface MeteredSubscription {
  readonly id: SubscriptionId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly timeZone: TimeZone;
  readonly interval: Interval;
  /** Its prices of usage; none where nothing is metered. */
  readonly prices: readonly MeteredPrice[];
  readonly startedAt: Instant;
  readonly trialEnd: Instant | null;
  /** Null while on trial. */
  readonly anchor: Anchor | null;
  /** From when on nothing more is counted, past or to come. */
  readonly endsAt: Instant | null;
}

/** The meters that count a metric, each once. */
export function metersOf({ prices }: MeteredSubscription, metric: string): Meter[] {
  const meters = prices.map(({ meter }) => meter).filter((meter) => meter.metric === metric);
  return [...new Map(meters.map((meter) => [meterKey(meter), meter])).values()];
}

/** The billing period that usage of that time belongs to: its trial is one too, which nothing is charged for. */
export function periodOf(
  { anchor, interval, startedAt, trialEnd }: MeteredSubscription,
  at: Instant,
): Omit<Period, 'end'> & { end: Instant | null } {
  const period = anchor && periodContaining(anchor, interval, at);
  if (period) return { start: period.start, end: period.end };
  if (trialEnd !== null && at >= trialEnd) return { start: trialEnd, end: null };
  return { start: startedAt, end: trialEnd };
}
