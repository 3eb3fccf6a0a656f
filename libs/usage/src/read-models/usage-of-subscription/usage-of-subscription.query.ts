import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { Queries } from '#event-sourcing/sql.js';
import { type Anchor, startOf } from '#kernel/anchor.js';
import { daysBetween, periodContaining, plusDays, wholePeriodAt } from '#kernel/calendar.js';
import { Decimal } from '#kernel/decimal.js';
import { bucketOf } from '#kernel/ids.js';
import { fromEpochMs, type Instant, laterOf } from '#kernel/instant.js';
import { startOfDay, startOfHour } from '#kernel/local-time.js';
import { Money } from '#kernel/money.js';
import { defineRefusal } from '#kernel/refusal.js';
import { FeeTotals, feeTotals } from '#metering/fee-totals.js';
import { type MeteredSubscription, periodOf } from '#metering/metered-subscription.js';
import type { Span } from '#metering/spans.js';
import { Attribute } from '#platform/views/attribute.js';
import { aggregations, meterKey } from '#pricing/meter.js';
import { isPercentage, type MeteredPrice } from '#pricing/metered-price.js';
import { priceOf } from '#pricing/price-of.js';
import type { Proration } from '#pricing/proration.js';

/** What was used for one price in one hour, day or billing period. */
@ObjectType('Usage')
@ApiSchema({ name: 'Usage' })
export class UsageView {
  @Attribute.text({ example: 'api_calls' })
  metric!: string;

  @Attribute.text({ example: 'calls', description: 'The price that charges it.' })
  priceCode!: string;

  @Attribute.oneOf(aggregations, { enumName: 'Aggregation' })
  aggregation!: string;

  @Attribute.instant()
  from!: Instant;

  @Attribute.instant({ nullable: true, description: 'The first moment after it; of an hour or a day too.' })
  to!: Instant | null;

  @Attribute.integer({ example: 1250, description: 'How many events were counted.' })
  events!: number;

  @Attribute.text({ example: '1250.5', description: 'An exact decimal.' })
  quantity!: string;

  @Attribute.money({
    nullable: true,
    description: 'What the period comes to so far, before tax; null for hours and days, which have no price.',
  })
  amount!: Money | null;
}

export const usageRangeInvalid = defineRefusal({
  code: 'usage_range_invalid',
  kind: 'invalid',
  hint: 'Ask for at most 31 days by hour, or 400 by day, from before to.',
});

export interface UsageRange {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly metric?: string;
  readonly groupBy?: 'hour' | 'day';
}

const MOST_DAYS = { hour: 31, day: 400 } as const;

interface TotalRow {
  meter: string;
  start: Date;
  events: string;
  quantity: string;
}

/** The totals of a subscription, oldest first: of the current billing period where nothing else is asked for. */
export async function usageOf(sql: Queries, subscription: MeteredSubscription, now: Instant, range: UsageRange): Promise<UsageView[]> {
  const { groupBy, metric } = range;
  const { from, to } = boundsOf(subscription, now, range);
  const rows = await sql.query<TotalRow>(
    `select meter, start, events, quantity from metering.total
      where bucket = $1::smallint and subscription_id = $2::uuid and span = $3 and start >= $4::timestamptz and start < $5::timestamptz
      order by start, meter`,
    [bucketOf(subscription.id), subscription.id, groupBy ?? ('period' satisfies Span), from, to],
  );
  const hasFees = groupBy === undefined && subscription.prices.some(isPercentage);
  const fees = hasFees ? await feeTotals(sql, subscription.id, from, to) : FeeTotals.none;
  const prices = subscription.prices.filter((price) => metric === undefined || price.meter.metric === metric);
  const starts = new Set(rows.map(({ start }) => fromEpochMs(start.getTime())));
  const current = periodOf(subscription, laterOf(now, subscription.startedAt)).start;
  // That nothing was used yet is an answer too.
  if (groupBy === undefined && current >= from && current < to) starts.add(current);
  return [...starts].sort().flatMap((start) =>
    prices.flatMap((price) => {
      const row = rows.find((each) => each.meter === meterKey(price.meter) && fromEpochMs(each.start.getTime()) === start);
      if (!row && groupBy !== undefined) return [];
      return [viewOf(subscription, price, start, row, groupBy, fees)];
    }),
  );
}

function boundsOf(subscription: MeteredSubscription, now: Instant, { from, to, groupBy }: UsageRange): { from: Instant; to: Instant } {
  const period = periodOf(subscription, laterOf(now, subscription.startedAt));
  const start = from ?? beginningOf(groupBy, period.start, subscription);
  const end = to ?? laterOf(period.end ?? now, plusDays(now, 1, subscription.timeZone));
  if (start >= end) throw usageRangeInvalid(`${start} is not before ${end}.`, { pointer: '/from' });
  if (
    groupBy !== undefined &&
    plusDays(start, MOST_DAYS[groupBy], subscription.timeZone) < end &&
    (from !== undefined || to !== undefined)
  ) {
    throw usageRangeInvalid(`${start} to ${end} is more than ${MOST_DAYS[groupBy]} days.`, { pointer: '/from' });
  }
  return { from: start, to: end };
}

/** The hour or day that a period begins in began before it. */
function beginningOf(groupBy: UsageRange['groupBy'], at: Instant, { timeZone }: MeteredSubscription): Instant {
  if (groupBy === 'hour') return startOfHour(at, timeZone);
  return groupBy === 'day' ? startOfDay(at, timeZone) : at;
}

function viewOf(
  subscription: MeteredSubscription,
  price: MeteredPrice,
  start: Instant,
  row: TotalRow | undefined,
  groupBy: UsageRange['groupBy'],
  fees: FeeTotals,
): UsageView {
  // A sum may have more digits than any number that was reported.
  const quantity = row ? Decimal.fromJSON(row.quantity) : Decimal.zero;
  return {
    metric: price.meter.metric,
    priceCode: price.code,
    aggregation: price.meter.aggregation,
    from: start,
    to: endOf(subscription, start, groupBy),
    events: Number(row?.events ?? 0),
    quantity: quantity.toString(),
    amount: groupBy === undefined ? amountOf(subscription, price, start, quantity, fees) : null,
  };
}

function endOf(subscription: MeteredSubscription, start: Instant, groupBy: UsageRange['groupBy']): Instant | null {
  if (groupBy === 'hour') return fromEpochMs(new Date(start).getTime() + 3_600_000);
  if (groupBy === 'day') return plusDays(start, 1, subscription.timeZone);
  return periodOf(subscription, start).end;
}

/** By the code that bills; a trial is free. */
function amountOf(subscription: MeteredSubscription, price: MeteredPrice, start: Instant, quantity: Decimal, fees: FeeTotals): Money {
  const { anchor, currency } = subscription;
  if (anchor === null || start < startOf(anchor)) return Money.of(0n, currency);
  const measured = isPercentage(price) ? { quantity, feeCounts: fees.of(price, start) } : { quantity };
  return Money.of(priceOf(price, measured, partOf(subscription, anchor, start)).exact.roundHalfUp(), currency);
}

/** The days that a minimum or maximum is for, where the period began late or ended early: the day of the end is one of them. */
function partOf({ interval, timeZone, endsAt }: MeteredSubscription, anchor: Anchor, start: Instant): Proration | null {
  const { index, end } = periodContaining(anchor, interval, start)!;
  const whole = wholePeriodAt(anchor, interval, index);
  const [days, ofDays] = [daysBetween(start, end, timeZone), daysBetween(whole.start, whole.end, timeZone)];
  const lived = endsAt !== null && endsAt < end ? Math.min(daysBetween(start, endsAt, timeZone) + 1, days) : days;
  return lived < ofDays ? { numerator: String(lived), denominator: String(ofDays), unit: 'day' } : null;
}
