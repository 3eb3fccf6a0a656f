import type { Clock } from '#event-sourcing/clock.js';
import { allAnswered, type Database, type Sql, type Statement } from '#event-sourcing/sql.js';
import { decimal } from '#kernel/decimal.js';
import { bucketOf, type SubscriptionId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { type Addition, Additions } from './additions.js';
import { type Admission, admit, type Counted, type ReportedUsage } from './admission.js';
import { FeeAdditions } from './fee-totals.js';
import { meteredSubscriptions } from './metered-subscriptions.js';

/**
 * Keeps usage beside the log, and its totals with it, so that neither a query nor a billing run ever reads the events of a period.
 * A batch is one transaction of a handful of statements, whatever its size; those of one subscription wait for each other, and for
 * whoever closes its period.
 */
export class UsageStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Counts each of the events once, and says in their order what became of them. */
  report(events: readonly ReportedUsage[]): Promise<Admission[]> {
    return this.database.transaction(async (sql) => {
      const reading = [this.held(sql, [...new Set(events.map(({ subscriptionId }) => subscriptionId))]), knownEvents(sql, events)] as const;
      await allAnswered(reading);
      const [counted, known] = await Promise.all(reading);
      const additions = new Additions();
      const fees = new FeeAdditions();
      const accepted: ReportedUsage[] = [];
      const admissions = events.map((event) => {
        const own = counted.get(event.subscriptionId);
        const admission = admit(event, own, known.get(keyOf(event)));
        if (admission.status !== 'accepted') return admission;
        known.set(keyOf(event), event);
        accepted.push(event);
        additions.add(own!.subscription, event, admission.counts);
        fees.add(own!.subscription, event);
        return admission;
      });
      if (accepted.length > 0) {
        const fresh = await newValues(sql, additions.all);
        await sql.runAll([insertion(accepted), addition(additions.all, fresh)]);
        await fees.write(sql);
      }
      return admissions;
    });
  }

  /**
   * The subscriptions as they are until the transaction ends: their periods stay open, or were closed before. The statements travel
   * together; those behind the lock see what was committed before it was given.
   */
  private async held(sql: Sql, ids: readonly SubscriptionId[]): Promise<Map<SubscriptionId, Counted>> {
    const given = [ids.map(bucketOf), ids];
    const reading = [
      // Whatever a new table looked like when the statements were prepared, each row is found by its key.
      sql.query('set local enable_seqscan = off'),
      sql.query(OPEN_FRONTIERS, given),
      sql.query<{ subscription_id: SubscriptionId; closed_until: Date }>(LOCK_FRONTIERS, given),
      meteredSubscriptions(sql, ids),
    ] as const;
    await allAnswered(reading);
    const [, , frontiers, found] = await Promise.all(reading);
    const closedUntil = new Map(frontiers.map((row) => [row.subscription_id, fromEpochMs(row.closed_until.getTime())]));
    const now = this.clock.now();
    return new Map(
      found.map(({ subscription, clockTime }) => [
        subscription.id,
        { subscription, now: clockTime ?? now, closedUntil: closedUntil.get(subscription.id) ?? fromEpochMs(0) },
      ]),
    );
  }
}

const OPEN_FRONTIERS = `
  insert into metering.frontier (bucket, subscription_id, closed_until)
  select s.bucket, s.id, to_timestamp(0)
    from metering.subscription s join unnest($1::smallint[], $2::uuid[]) as given (bucket, id) on s.bucket = given.bucket and s.id = given.id
   where not exists (select 1 from metering.frontier f where f.bucket = s.bucket and f.subscription_id = s.id)
   order by s.bucket, s.id
      on conflict do nothing`;

const LOCK_FRONTIERS = `
  select f.subscription_id, f.closed_until
    from metering.frontier f join unnest($1::smallint[], $2::uuid[]) as given (bucket, id) on f.bucket = given.bucket and f.subscription_id = given.id
   order by f.bucket, f.subscription_id for update of f`;

const keyOf = ({ subscriptionId, idempotencyKey }: Pick<ReportedUsage, 'subscriptionId' | 'idempotencyKey'>): string =>
  `${subscriptionId}/${idempotencyKey}`;

interface EventRow {
  subscription_id: SubscriptionId;
  idempotency_key: string;
  metric: string;
  quantity: string;
  at: Date;
  properties: Record<string, string>;
}

/** By their keys. A key is remembered for 400 days after it came in, whatever time its usage is of. */
async function knownEvents(sql: Sql, events: readonly ReportedUsage[]): Promise<Map<string, ReportedUsage>> {
  const rows = await sql.query<EventRow>(
    `select e.subscription_id, e.idempotency_key, e.metric, e.quantity, e.at, e.properties
       from unnest($1::smallint[], $2::uuid[], $3::text[]) as given (bucket, subscription_id, idempotency_key)
      cross join lateral (
        select * from metering.event e
         where e.bucket = given.bucket and e.subscription_id = given.subscription_id and e.idempotency_key = given.idempotency_key
           and e.received_at >= now() - interval '400 days' and e.received_at < now() + interval '1 day'
        offset 0) e`,
    [
      events.map(({ subscriptionId }) => bucketOf(subscriptionId)),
      events.map(({ subscriptionId }) => subscriptionId),
      events.map(({ idempotencyKey }) => idempotencyKey),
    ],
  );
  return new Map(rows.map((row) => [keyOf({ subscriptionId: row.subscription_id, idempotencyKey: row.idempotency_key }), eventOf(row)]));
}

function eventOf(row: EventRow): ReportedUsage {
  return {
    subscriptionId: row.subscription_id,
    metric: row.metric,
    quantity: decimal(row.quantity),
    timestamp: fromEpochMs(row.at.getTime()),
    idempotencyKey: row.idempotency_key,
    properties: row.properties,
  };
}

function insertion(events: readonly ReportedUsage[]): Statement {
  return {
    text: `insert into metering.event (bucket, subscription_id, idempotency_key, metric, quantity, at, properties)
           select bucket, subscription_id, idempotency_key, metric, quantity::numeric, at, properties
             from unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::json[])
               as given (bucket, subscription_id, idempotency_key, metric, quantity, at, properties)`,
    values: [
      events.map(({ subscriptionId }) => bucketOf(subscriptionId)),
      events.map(({ subscriptionId }) => subscriptionId),
      events.map(({ idempotencyKey }) => idempotencyKey),
      events.map(({ metric }) => metric),
      events.map(({ quantity }) => quantity.toString()),
      events.map(({ timestamp }) => timestamp),
      events.map(({ properties }) => JSON.stringify(properties)),
    ],
    expectedRows: events.length,
  };
}

function addition(additions: readonly Addition[], fresh: ReadonlyMap<string, number>): Statement {
  return {
    text: `insert into metering.total as t (bucket, subscription_id, meter, span, start, events, quantity, last_at)
           select bucket, subscription_id, meter, span, start, events, quantity::numeric, last_at
             from unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::text[], $8::timestamptz[])
               as given (bucket, subscription_id, meter, span, start, events, quantity, last_at)
               on conflict (bucket, subscription_id, meter, span, start) do update
              set events = t.events + excluded.events,
                  quantity = case split_part(excluded.meter, '/', 1)
                               when 'max' then greatest(t.quantity, excluded.quantity)
                               when 'last' then case when excluded.last_at >= t.last_at then excluded.quantity else t.quantity end
                               else t.quantity + excluded.quantity
                             end,
                  last_at = greatest(t.last_at, excluded.last_at)`,
    values: [
      additions.map(({ subscriptionId }) => bucketOf(subscriptionId)),
      additions.map(({ subscriptionId }) => subscriptionId),
      additions.map(({ meter }) => meter),
      additions.map(({ span }) => span),
      additions.map(({ start }) => start),
      additions.map(({ events }) => events),
      additions.map((each) => (each.aggregation === 'unique' ? String(fresh.get(totalOf(each)) ?? 0) : each.quantity.toString())),
      additions.map(({ lastAt }) => lastAt),
    ],
  };
}

const totalOf = ({ subscriptionId, meter, span, start }: Pick<Addition, 'subscriptionId' | 'meter' | 'span' | 'start'>): string =>
  `${subscriptionId}/${span}/${start}/${meter}`;

/** How many values of each total are seen for the first time. */
async function newValues(sql: Sql, additions: readonly Addition[]): Promise<Map<string, number>> {
  const rows = additions.flatMap((each) => [...each.values].map((value) => ({ ...each, value })));
  if (rows.length === 0) return new Map();
  const inserted = await sql.query<{ subscription_id: SubscriptionId; meter: string; span: Addition['span']; start: Date; count: string }>(
    `with inserted as (
       insert into metering.distinct_value (bucket, subscription_id, meter, span, start, value)
       select * from unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[])
           on conflict do nothing
       returning subscription_id, meter, span, start)
     select subscription_id, meter, span, start, count(*) as count from inserted group by subscription_id, meter, span, start`,
    [
      rows.map(({ subscriptionId }) => bucketOf(subscriptionId)),
      rows.map(({ subscriptionId }) => subscriptionId),
      rows.map(({ meter }) => meter),
      rows.map(({ span }) => span),
      rows.map(({ start }) => start),
      rows.map(({ value }) => value),
    ],
  );
  return new Map(
    inserted.map(({ subscription_id: subscriptionId, meter, span, start, count }) => [
      totalOf({ subscriptionId, meter, span, start: fromEpochMs(start.getTime()) }),
      Number(count),
    ]),
  );
}
