import type { Sql } from '#event-sourcing/sql.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { type Meter, meterKey } from '#pricing/meter.js';
import type { PercentagePrice } from '#pricing/metered-price.js';
import type { FeeCounts } from '#pricing/models/fee-counts.js';
import { FeeTotals, feeTotals } from './fee-totals.js';

/** Whose usage is read, or closed: of the periods that begin at `from`, or later and before `until`. */
export interface UsageSpan {
  readonly subscriptionId: SubscriptionId;
  readonly from: Instant;
  readonly until: Instant;
}

/** What was used of a subscription, by meter and by the beginning of the period it belongs to. */
export class UsageTotals {
  static readonly none = new UsageTotals(new Map());

  constructor(
    private readonly quantities: ReadonlyMap<string, Decimal>,
    private readonly fees: FeeTotals = FeeTotals.none,
  ) {}

  /** The quantity of a period that begins then; zero where nothing was used. */
  of(meter: Meter, periodStart: Instant): Decimal {
    return this.quantities.get(keyOf(meterKey(meter), periodStart)) ?? Decimal.zero;
  }

  /** How many events of a period cost what, of a price that is a percentage of each. */
  feesOf(price: PercentagePrice, periodStart: Instant): FeeCounts {
    return this.fees.of(price, periodStart);
  }

  /** For specifications: what a fact would say. */
  static from(entries: readonly (readonly [meter: Meter, periodStart: Instant, quantity: string])[], fees?: FeeTotals): UsageTotals {
    return new UsageTotals(new Map(entries.map(([meter, start, quantity]) => [keyOf(meterKey(meter), start), decimal(quantity)])), fees);
  }
}

/**
 * Closes the usage of subscriptions up to `until` and says what it comes to, in the order of the spans. Whoever reports usage waits
 * for the transaction that closes, and is then refused: so nothing is counted after it was settled, and nothing lost between the two.
 */
export async function closeUsage(sql: Sql, bucket: number, spans: readonly UsageSpan[]): Promise<UsageTotals[]> {
  await sql.query(
    `insert into metering.frontier (bucket, subscription_id, closed_until)
     select $1::smallint, id, max(until_) from unnest($2::uuid[], $3::timestamptz[]) as s (id, until_) group by id order by id
         on conflict (bucket, subscription_id) do update set closed_until = greatest(frontier.closed_until, excluded.closed_until)`,
    [bucket, spans.map(({ subscriptionId }) => subscriptionId), spans.map(({ until }) => until)],
  );
  return usageTotals(sql, bucket, spans);
}

/** What the usage of subscriptions comes to by now, in the order of the spans. More may come: nobody is held up. */
export async function usageTotals(sql: Sql, bucket: number, spans: readonly UsageSpan[]): Promise<UsageTotals[]> {
  const rows = await sql.query<{ index: string; meter: string; start: Date; quantity: string }>(
    `select c.index, t.meter, t.start, t.quantity
       from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) with ordinality as c (subscription_id, from_, until_, index)
       join metering.total t on t.bucket = $1::smallint and t.subscription_id = c.subscription_id and t.span = 'period'
                            and t.start >= c.from_ and (t.start < c.until_ or t.start = c.from_)`,
    [bucket, spans.map(({ subscriptionId }) => subscriptionId), spans.map(({ from }) => from), spans.map(({ until }) => until)],
  );
  const totals = spans.map(() => new Map<string, Decimal>());
  // A sum may have more digits than any number that was reported.
  for (const { index, meter, start, quantity } of rows)
    totals[Number(index) - 1]!.set(keyOf(meter, instant(start.toISOString())), Decimal.fromJSON(quantity));
  const fees = await feeTotals(sql, spans);
  return totals.map((quantities, index) => new UsageTotals(quantities, fees[index]));
}

function keyOf(meter: string, start: Instant): string {
  return `${meter}@${start}`;
}
