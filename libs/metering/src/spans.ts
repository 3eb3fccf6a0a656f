import type { SubscriptionId } from '#kernel/ids.js';
import { epochMs, type Instant, plusMs } from '#kernel/instant.js';
import { startOfDay, startOfHour } from '#kernel/local-time.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { type MeteredSubscription, periodOf } from './metered-subscription.js';

export const spans = ['hour', 'day', 'period'] as const;
export type Span = (typeof spans)[number];

/** The beginnings of the customer's hour, day and billing period that a moment lies in: what usage is added up by. */
export type Spans = Readonly<Record<Span, Instant>>;

const HOUR_MS = 3_600_000;

/** What was found for one moment, and the time that it is true of. */
interface Known<Found> {
  readonly found: Found;
  readonly from: number;
  readonly until: number;
}

/** A batch tells of a few hours, of subscriptions in a few time zones: the calendar is asked once for each hour, and for each period. */
export class SpansOf {
  private readonly hours = new Map<TimeZone, Known<Pick<Spans, 'hour' | 'day'>>[]>();
  private readonly periods = new Map<SubscriptionId, Known<Instant>[]>();
  private readonly spans = new Map<SubscriptionId, Known<Spans>[]>();

  /** The same object for all moments that have the same spans. The subscription is the same one throughout a batch. */
  of(subscription: MeteredSubscription, at: Instant): Spans {
    const ms = epochMs(at);
    return known(this.spans, subscription.id, ms, () => this.slotAround(subscription, at, ms)).found;
  }

  private slotAround(subscription: MeteredSubscription, at: Instant, ms: number): Known<Spans> {
    const hour = known(this.hours, subscription.timeZone, ms, () => hourAround(at, subscription.timeZone));
    const period = known(this.periods, subscription.id, ms, () => periodAround(subscription, at));
    return {
      found: { ...hour.found, period: period.found },
      from: Math.max(hour.from, period.from),
      until: Math.min(hour.until, period.until),
    };
  }
}

function known<Key, Found>(all: Map<Key, Known<Found>[]>, key: Key, ms: number, find: () => Known<Found>): Known<Found> {
  const several = all.get(key);
  const match = several?.find(({ from, until }) => ms >= from && ms < until);
  if (match) return match;
  const fresh = find();
  if (several) several.push(fresh);
  else all.set(key, [fresh]);
  return fresh;
}

/** A clock that is put back within the hour makes it longer than this, and is asked twice. */
function hourAround(at: Instant, timeZone: TimeZone): Known<Pick<Spans, 'hour' | 'day'>> {
  const hour = startOfHour(at, timeZone);
  return { found: { hour, day: startOfDay(at, timeZone) }, from: epochMs(hour), until: epochMs(plusMs(hour, HOUR_MS)) };
}

function periodAround(subscription: MeteredSubscription, at: Instant): Known<Instant> {
  const { start, end } = periodOf(subscription, at);
  return { found: start, from: epochMs(start), until: end === null ? Number.POSITIVE_INFINITY : epochMs(end) };
}
