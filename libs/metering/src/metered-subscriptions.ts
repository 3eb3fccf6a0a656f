import type { Queries } from '#event-sourcing/sql.js';
import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import { type AccountId, bucketOf, type SubscriptionId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { MeteredPrice } from '#pricing/metered-price.js';
import type { MeteredSubscription } from './metered-subscription.js';

interface Row {
  id: SubscriptionId;
  account_id: AccountId;
  currency: Currency;
  time_zone: TimeZone;
  interval: Interval;
  prices: MeteredPrice[];
  started_at: Date;
  trial_end: Date | null;
  anchor: Anchor | null;
  ends_at: Date | null;
  clock_time: Date | null;
}

/** A subscription, with the time of the test clock that it is on. */
export interface FoundSubscription {
  readonly subscription: MeteredSubscription;
  readonly clockTime: Instant | null;
}

/** Those of the subscriptions that there are, metered or not. */
export async function meteredSubscriptions(sql: Queries, ids: readonly SubscriptionId[]): Promise<FoundSubscription[]> {
  const rows = await sql.query<Row>(
    `select s.id, s.account_id, s.currency, s.time_zone, s.interval, s.prices, s.started_at, s.trial_end, s.anchor, s.ends_at, c.now as clock_time
       from unnest($1::smallint[], $2::uuid[]) as given (bucket, id)
       join metering.subscription s on s.bucket = given.bucket and s.id = given.id
       left join es.clocked_stream m on m.bucket = s.bucket and m.stream_id = s.id
       left join es.test_clock c on c.bucket = get_byte(uuid_send(m.clock_id), 15) and c.id = m.clock_id`,
    [ids.map(bucketOf), ids],
  );
  return rows.map((row) => ({
    subscription: {
      id: row.id,
      accountId: row.account_id,
      currency: row.currency,
      timeZone: row.time_zone,
      interval: row.interval,
      prices: row.prices,
      startedAt: fromEpochMs(row.started_at.getTime()),
      trialEnd: row.trial_end && fromEpochMs(row.trial_end.getTime()),
      anchor: row.anchor,
      endsAt: row.ends_at && fromEpochMs(row.ends_at.getTime()),
    },
    clockTime: row.clock_time && fromEpochMs(row.clock_time.getTime()),
  }));
}
