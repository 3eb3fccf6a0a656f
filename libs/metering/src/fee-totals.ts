import { hash } from 'node:crypto';
import type { Queries, Sql } from '#event-sourcing/sql.js';
import { Decimal } from '#kernel/decimal.js';
import { bucketOf, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { isCounted, meterKey, quantityOf } from '#pricing/meter.js';
import { isPercentage, type PercentagePrice } from '#pricing/metered-price.js';
import { countFees, type FeeCounts, noFees } from '#pricing/models/fee-counts.js';
import type { PercentageTerms } from '#pricing/price.js';
import type { ReportedUsage } from './admission.js';
import type { MeteredSubscription } from './metered-subscription.js';
import { SpansOf } from './spans.js';

/**
 * What fees are counted under: what the meter says, and the terms that make a fee of an event. Prices that say the same share it, and
 * changed terms count anew. The limits of a period are none of them.
 */
export function feeKey({ meter, terms }: { readonly meter: PercentagePrice['meter']; readonly terms: PercentageTerms }): string {
  const { rate, fixedAmount, minimumAmount, maximumAmount, freeUnits, freeAmount } = terms;
  return hash('sha256', JSON.stringify([meterKey(meter), rate, fixedAmount, minimumAmount, maximumAmount, freeUnits, freeAmount]));
}

interface FeeAddition {
  readonly subscriptionId: SubscriptionId;
  readonly fee: string;
  readonly start: Instant;
  readonly terms: PercentageTerms;
  readonly amounts: Decimal[];
}

/** The events of a batch that a percentage is charged of, by the total that they belong to, in the order of their arrival. */
export class FeeAdditions {
  private readonly byTotal = new Map<string, FeeAddition>();
  private readonly spansOf = new SpansOf();

  add(subscription: MeteredSubscription, event: ReportedUsage): void {
    const prices = subscription.prices.filter(isPercentage).filter(({ meter }) => meter.metric === event.metric && isCounted(meter, event));
    for (const [fee, { meter, terms }] of new Map(prices.map((price) => [feeKey(price), price]))) {
      const { period: start } = this.spansOf.of(subscription, event.timestamp);
      const key = `${subscription.id}/${start}/${fee}`;
      const addition = this.byTotal.get(key) ?? { subscriptionId: subscription.id, fee, start, terms, amounts: [] };
      addition.amounts.push(quantityOf(meter, event));
      this.byTotal.set(key, addition);
    }
  }

  /** Whoever calls holds the frontiers of the subscriptions, so that nobody else counts in between. */
  async write(sql: Sql): Promise<void> {
    const additions = [...this.byTotal.values()];
    if (additions.length === 0) return;
    const before = await countsOf(sql, additions);
    await writeCounts(
      sql,
      additions.map((addition, index) => ({ addition, counts: countFees(addition.terms, before[index] ?? noFees, addition.amounts) })),
    );
  }
}

/** What a row `f` of `metering.fee_total` holds, as texts, since JSON numbers are binary fractions. */
export const FEE_COUNTS = `json_build_object('events', f.events::text, 'amount', f.quantity::text,
  'chargedEvents', f.charged_events::text, 'chargedAmount', f.charged_quantity::text,
  'minimumEvents', f.minimum_events::text, 'maximumEvents', f.maximum_events::text)`;

/** PostgreSQL writes a numeric with the places that it was added up with. */
export function plainCounts({ amount, chargedAmount, ...counts }: FeeCounts): FeeCounts {
  return { ...counts, amount: Decimal.fromJSON(amount).toString(), chargedAmount: Decimal.fromJSON(chargedAmount).toString() };
}

async function countsOf(sql: Queries, additions: readonly FeeAddition[]): Promise<(FeeCounts | undefined)[]> {
  const rows = await sql.query<{ index: string; counts: FeeCounts }>(
    `select g.index, ${FEE_COUNTS} as counts
       from unnest($1::smallint[], $2::uuid[], $3::text[], $4::timestamptz[]) with ordinality as g (bucket, subscription_id, fee, start, index)
       join metering.fee_total f using (bucket, subscription_id, fee, start)`,
    placesOf(additions),
  );
  const byIndex = new Map(rows.map(({ index, counts }) => [Number(index), counts]));
  return additions.map((_, index) => byIndex.get(index + 1));
}

async function writeCounts(sql: Sql, counted: readonly { addition: FeeAddition; counts: FeeCounts }[]): Promise<void> {
  await sql.run({
    text: `insert into metering.fee_total as f
             (bucket, subscription_id, fee, start, events, quantity, charged_events, charged_quantity, minimum_events, maximum_events)
           select bucket, subscription_id, fee, start, events, quantity::numeric, charged_events, charged_quantity::numeric, minimum_events, maximum_events
             from unnest($1::smallint[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[])
               as given (bucket, subscription_id, fee, start, events, quantity, charged_events, charged_quantity, minimum_events, maximum_events)
               on conflict (bucket, subscription_id, fee, start) do update
              set events = excluded.events, quantity = excluded.quantity,
                  charged_events = excluded.charged_events, charged_quantity = excluded.charged_quantity,
                  minimum_events = excluded.minimum_events, maximum_events = excluded.maximum_events`,
    values: [
      ...placesOf(counted.map(({ addition }) => addition)),
      ...(['events', 'amount', 'chargedEvents', 'chargedAmount', 'minimumEvents', 'maximumEvents'] as const).map((name) =>
        counted.map(({ counts }) => counts[name]),
      ),
    ],
  });
}

function placesOf(additions: readonly FeeAddition[]): unknown[] {
  return [
    additions.map(({ subscriptionId }) => bucketOf(subscriptionId)),
    additions.map(({ subscriptionId }) => subscriptionId),
    additions.map(({ fee }) => fee),
    additions.map(({ start }) => start),
  ];
}

/** The fee counts of a subscription, by fee and by the beginning of the period they belong to. */
export class FeeTotals {
  static readonly none = new FeeTotals(new Map());

  private constructor(private readonly counts: ReadonlyMap<string, FeeCounts>) {}

  /** Of a period that begins then; none where nothing was used. */
  of(price: PercentagePrice, periodStart: Instant): FeeCounts {
    return this.counts.get(placeOf(feeKey(price), periodStart)) ?? noFees;
  }

  static from(entries: readonly (readonly [fee: string, periodStart: Instant, counts: FeeCounts])[]): FeeTotals {
    return new FeeTotals(new Map(entries.map(([fee, start, counts]) => [placeOf(fee, start), counts])));
  }
}

function placeOf(fee: string, start: Instant): string {
  return `${fee}@${start}`;
}

/** The fee counts of the periods of a subscription that begin at `from` or later, and before `to`. */
export async function feeTotals(sql: Queries, subscriptionId: SubscriptionId, from: Instant, to: Instant): Promise<FeeTotals> {
  const rows = await sql.query<{ fee: string; start: Date; counts: FeeCounts }>(
    `select f.fee, f.start, ${FEE_COUNTS} as counts from metering.fee_total f
      where f.bucket = $1::smallint and f.subscription_id = $2::uuid and f.start >= $3::timestamptz and f.start < $4::timestamptz`,
    [bucketOf(subscriptionId), subscriptionId, from, to],
  );
  return FeeTotals.from(rows.map(({ fee, start, counts }) => [fee, instant(start.toISOString()), plainCounts(counts)]));
}
