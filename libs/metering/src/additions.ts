import type { Decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { type Aggregation, meterKey } from '#pricing/meter.js';
import type { Count, ReportedUsage } from './admission.js';
import type { MeteredSubscription } from './metered-subscription.js';
import { type Span, SpansOf, spans } from './spans.js';

/** What a batch adds to one total: of one meter in one hour, day or period. */
export interface Addition {
  readonly subscriptionId: SubscriptionId;
  readonly meter: string;
  readonly aggregation: Aggregation;
  readonly span: Span;
  readonly start: Instant;
  events: number;
  /** Their sum, their greatest, or the last of them; of `unique` nothing is known before its values are looked up. */
  quantity: Decimal;
  lastAt: Instant;
  /** Of `unique` alone. */
  readonly values: Set<string>;
}

/** The totals of a batch, so that each row is written once however many events there are. Events come in the order of their arrival. */
export class Additions {
  private readonly byTotal = new Map<string, Addition>();
  private readonly spansOf = new SpansOf();

  add(subscription: MeteredSubscription, { timestamp }: ReportedUsage, counts: readonly Count[]): void {
    const starts = this.spansOf.of(subscription, timestamp);
    for (const count of counts) for (const span of spans) this.addTo(subscription.id, span, starts[span], timestamp, count);
  }

  get all(): Addition[] {
    return [...this.byTotal.values()];
  }

  private addTo(subscriptionId: SubscriptionId, span: Span, start: Instant, at: Instant, { meter, quantity, value }: Count): void {
    const name = meterKey(meter);
    const key = `${subscriptionId}/${span}/${start}/${name}`;
    const known = this.byTotal.get(key);
    const values = known?.values ?? new Set<string>();
    if (value !== null) values.add(value);
    if (!known) {
      const { aggregation } = meter;
      this.byTotal.set(key, { subscriptionId, meter: name, aggregation, span, start, events: 1, quantity, lastAt: at, values });
      return;
    }
    known.quantity = together(meter.aggregation, known, { quantity, at });
    known.events += 1;
    if (at > known.lastAt) known.lastAt = at;
  }
}

/** Of two parts of the same span, the second of which came later. */
function together(aggregation: Aggregation, before: Addition, { quantity, at }: { quantity: Decimal; at: Instant }): Decimal {
  switch (aggregation) {
    case 'sum':
    case 'count':
      return before.quantity.plus(quantity);
    case 'max':
      return quantity.compare(before.quantity) > 0 ? quantity : before.quantity;
    case 'last':
      return at >= before.lastAt ? quantity : before.quantity;
    case 'unique':
      return before.quantity;
    default:
      return aggregation satisfies never;
  }
}
