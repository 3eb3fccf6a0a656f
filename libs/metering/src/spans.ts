import { epochMs, type Instant, plusMs } from '#kernel/instant.js';
import { startOfDay, startOfHour } from '#kernel/local-time.js';
import { type MeteredSubscription, periodOf } from './metered-subscription.js';

export const spans = ['hour', 'day', 'period'] as const;
export type Span = (typeof spans)[number];

/** The beginnings of the customer's hour, day and billing period that a moment lies in: what usage is added up by. */
export type Spans = Readonly<Record<Span, Instant>>;

const HOUR_MS = 3_600_000;

/** Usage comes in order, more or less, so the spans of one event are those of most others: the calendar is asked anew only where they end. */
export class SpansOf {
  private readonly known = new Map<string, { readonly spans: Spans; readonly from: number; readonly until: number }>();

  /** The subscription is the same one throughout a batch. */
  of(subscription: MeteredSubscription, at: Instant): Spans {
    const last = this.known.get(subscription.id);
    const ms = epochMs(at);
    if (last && ms >= last.from && ms < last.until) return last.spans;
    const period = periodOf(subscription, at);
    const hour = startOfHour(at, subscription.timeZone);
    const spans = { hour, day: startOfDay(at, subscription.timeZone), period: period.start };
    const from = Math.max(epochMs(hour), epochMs(period.start));
    // A clock that is put back within the hour makes it longer than this, and is asked twice.
    const until = Math.min(epochMs(plusMs(hour, HOUR_MS)), period.end === null ? Number.POSITIVE_INFINITY : epochMs(period.end));
    this.known.set(subscription.id, { spans, from, until });
    return spans;
  }
}
