import { hash } from 'node:crypto';
import type { Decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { earlierOf, fromEpochMs, type Instant, plusMs } from '#kernel/instant.js';
import { Refusal } from '#kernel/refusal.js';
import { distinctValueOf, isCounted, type Meter, quantityOf } from '#pricing/meter.js';
import { lateUsageUntil } from './late-usage.js';
import { type MeteredSubscription, metersOf, periodOf } from './metered-subscription.js';
import {
  metricUnknown,
  subscriptionUnknown,
  usageAfterEnd,
  usageBeforeStart,
  usageInFuture,
  usageKeyReused,
  usageWindowClosed,
} from './usage.refusals.js';

/** One thing that was used, as it is reported. The key tells it apart from every other of its subscription, for ever. */
export interface ReportedUsage {
  readonly subscriptionId: SubscriptionId;
  readonly metric: string;
  readonly quantity: Decimal;
  readonly timestamp: Instant;
  readonly idempotencyKey: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** What is known of a subscription at the moment its usage is counted. */
export interface Counted {
  readonly subscription: MeteredSubscription;
  /** The time of its clock. */
  readonly now: Instant;
  /** What is before this is settled. */
  readonly closedUntil: Instant;
}

export type Admission =
  | { readonly status: 'accepted'; readonly counts: readonly Count[] }
  | { readonly status: 'duplicate' }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/** What an event adds to one meter. */
export interface Count {
  readonly meter: Meter;
  readonly quantity: Decimal;
  /** Of `unique`: what is counted once, or its hash. */
  readonly value: string | null;
}

/** How far the clocks of those who report may be ahead. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** What was used since then is not too late, whatever the calendar says: seven days of a customer are never that short. */
const NEVER_TOO_LATE_MS = 5 * 86_400_000;

const LONGEST_VALUE = 200;
const HASHED = 'sha256:';

/**
 * Whether an event is counted, and for what. One that was counted before is a duplicate whatever happened to its period since,
 * so that whoever is unsure can always send it again.
 */
export function admit(event: ReportedUsage, counted: Counted | undefined, known: ReportedUsage | undefined): Admission {
  if (known)
    return isSame(event, known)
      ? { status: 'duplicate' }
      : refused(usageKeyReused(`The key ${event.idempotencyKey} was used for other usage: ${said(known)}.`));
  if (!counted) return refused(subscriptionUnknown(`There is no subscription ${event.subscriptionId}.`));
  try {
    return { status: 'accepted', counts: countsOf(event, counted) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return refused(thrown);
    throw thrown;
  }
}

function countsOf(event: ReportedUsage, counted: Counted): Count[] {
  const { timestamp, metric } = event;
  const { subscription, now } = counted;
  const { startedAt, endsAt } = subscription;
  if (timestamp > latestAt(now)) throw usageInFuture(`${timestamp} has not come yet; it is ${now}.`);
  if (timestamp < startedAt) throw usageBeforeStart(`The subscription began at ${startedAt}.`);
  if (endsAt !== null && timestamp >= endsAt) throw usageAfterEnd(`The subscription ends at ${endsAt}.`);
  refuseTooLate(timestamp, counted);
  const meters = metersOf(subscription, metric);
  if (meters.length === 0) throw metricUnknown(`No price of the subscription meters ${metric}. ${meteredOf(subscription)}`);
  const counting = meters.filter((meter) => isCounted(meter, event));
  return counting.map((meter) => ({
    meter,
    quantity: quantityOf(meter, event),
    value: meter.aggregation === 'unique' ? keptValue(distinctValueOf(meter, event)) : null,
  }));
}

/** A batch asks a thousand times for the same moment. */
let asked = { now: fromEpochMs(0), latest: fromEpochMs(CLOCKS_DIFFER_MS) };

function latestAt(now: Instant): Instant {
  if (asked.now !== now) asked = { now, latest: plusMs(now, CLOCKS_DIFFER_MS) };
  return asked.latest;
}

/** By the clock alone too, should the settlement itself be late. */
function refuseTooLate(timestamp: Instant, { subscription, now, closedUntil }: Counted): void {
  const isSettled = timestamp < closedUntil;
  if (!isSettled && timestamp > plusMs(now, -NEVER_TOO_LATE_MS)) return;
  const { end } = periodOf(subscription, timestamp);
  if (end === null) return;
  const over = subscription.endsAt === null ? end : earlierOf(end, subscription.endsAt);
  const until = lateUsageUntil(over, subscription.timeZone);
  if (isSettled || now >= until) throw usageWindowClosed(`What was used before ${over} was accepted until ${until}.`);
}

/** A value is part of an index, where PostgreSQL takes no more than some 2,700 bytes: a longer one is known by its hash. */
function keptValue(value: string): string {
  return value.length <= LONGEST_VALUE && !value.startsWith(HASHED) ? value : `${HASHED}${hash('sha256', value)}`;
}

function meteredOf({ prices }: MeteredSubscription): string {
  const metrics = [...new Set(prices.map(({ meter }) => meter.metric))];
  return metrics.length > 0 ? `It meters ${metrics.join(', ')}.` : 'It meters nothing.';
}

/** Whatever the order of the properties, and however the same number is written. */
function isSame(a: ReportedUsage, b: ReportedUsage): boolean {
  const [names, others] = [Object.keys(a.properties), Object.keys(b.properties)];
  return (
    a.metric === b.metric &&
    a.quantity.equals(b.quantity) &&
    a.timestamp === b.timestamp &&
    names.length === others.length &&
    names.every((name) => Object.hasOwn(b.properties, name) && a.properties[name] === b.properties[name])
  );
}

function said({ metric, quantity, timestamp }: ReportedUsage): string {
  return `${quantity} of ${metric} at ${timestamp}`;
}

function refused(refusal: Refusal): Admission {
  return { status: 'refused', refusal };
}
