import type { Sql } from '#event-sourcing/sql.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { type Meter, meterKey } from '#pricing/meter.js';
import type { PercentagePrice } from '#pricing/metered-price.js';
import type { FeeCounts } from '#pricing/models/fee-counts.js';
import { FEE_COUNTS, FeeTotals, plainCounts } from './fee-totals.js';

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
  // In one statement, so that what is charged of events is of the same events as their quantity.
  const rows = await sql.query<TotalRow>(
    `with s as (
       select $1::smallint as bucket, * from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) with ordinality as s (subscription_id, from_, until_, index))
     select s.index, t.meter, t.start, t.quantity, null::json as counts
       from s join metering.total t on t.bucket = s.bucket and t.subscription_id = s.subscription_id and t.span = 'period'
                                   and t.start >= s.from_ and (t.start < s.until_ or t.start = s.from_)
     union all
     select s.index, f.fee, f.start, null, ${FEE_COUNTS}
       from s join metering.fee_total f on f.bucket = s.bucket and f.subscription_id = s.subscription_id
                                       and f.start >= s.from_ and (f.start < s.until_ or f.start = s.from_)`,
    [bucket, spans.map(({ subscriptionId }) => subscriptionId), spans.map(({ from }) => from), spans.map(({ until }) => until)],
  );
  const ofSpan = Map.groupBy(rows, ({ index }) => Number(index));
  return spans.map((_, index) => totalsIn(ofSpan.get(index + 1) ?? []));
}

/** A total of a meter, or the counts of a fee. */
interface TotalRow {
  index: string;
  meter: string;
  start: Date;
  quantity: string | null;
  counts: FeeCounts | null;
}

function totalsIn(rows: readonly TotalRow[]): UsageTotals {
  const quantities = new Map<string, Decimal>();
  const fees: [fee: string, start: Instant, counts: FeeCounts][] = [];
  for (const { meter, start: at, quantity, counts } of rows) {
    const start = instant(at.toISOString());
    if (counts) fees.push([meter, start, plainCounts(counts)]);
    // A sum may have more digits than any number that was reported.
    if (quantity !== null) quantities.set(keyOf(meter, start), Decimal.fromJSON(quantity));
  }
  return new UsageTotals(quantities, FeeTotals.from(fees));
}

function keyOf(meter: string, start: Instant): string {
  return `${meter}@${start}`;
}
