import type { Decimal } from '#kernel/decimal.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { type Aggregation, meterKey } from '#pricing/meter.js';
import type { Count, ReportedUsage } from './admission.js';
import type { MeteredSubscription } from './metered-subscription.js';
import { type Span, type Spans, SpansOf, spans } from './spans.js';

/** What a batch adds to one total: of one meter in one hour, day or period. */
export interface Addition extends Part {
  readonly subscriptionId: SubscriptionId;
  readonly meter: string;
  readonly span: Span;
  readonly start: Instant;
}

/** What some events come to for a meter. */
interface Part {
  readonly aggregation: Aggregation;
  events: number;
  /** Their sum, their greatest, or the last of them; of `unique` nothing is known before its values are looked up. */
  quantity: Decimal;
  lastAt: Instant;
  /** Of `unique` alone. */
  readonly values: Set<string>;
}

/** The part of an hour that lies in one period: a part of each of the spans around it. */
interface Slot {
  readonly subscriptionId: SubscriptionId;
  readonly starts: Spans;
  readonly byMeter: Map<string, Part>;
}

/**
 * The totals of a batch, so that each row is written once however many events there are. Events come in the order of their arrival;
 * each is added once, to its slot, and the slots then to their hours, days and periods.
 */
export class Additions {
  private readonly slots = new Map<Spans, Slot>();
  private readonly spansOf = new SpansOf();

  add(subscription: MeteredSubscription, { timestamp }: ReportedUsage, counts: readonly Count[]): void {
    const starts = this.spansOf.of(subscription, timestamp);
    let slot = this.slots.get(starts);
    if (!slot) {
      slot = { subscriptionId: subscription.id, starts, byMeter: new Map() };
      this.slots.set(starts, slot);
    }
    for (const { meter, quantity, value } of counts) {
      const key = meterKey(meter);
      const known = slot.byMeter.get(key);
      if (known) {
        known.quantity = together(known, { quantity, lastAt: timestamp });
        known.events += 1;
        if (timestamp > known.lastAt) known.lastAt = timestamp;
        if (value !== null) known.values.add(value);
      } else {
        const values = new Set(value === null ? [] : [value]);
        slot.byMeter.set(key, { aggregation: meter.aggregation, events: 1, quantity, lastAt: timestamp, values });
      }
    }
  }

  get all(): Addition[] {
    const byTotal = new Map<string, Addition>();
    for (const { subscriptionId, starts, byMeter } of this.slots.values()) {
      for (const [meter, part] of byMeter)
        for (const span of spans) merge(byTotal, { subscriptionId, meter, span, start: starts[span] }, part);
    }
    return [...byTotal.values()];
  }
}

function merge(byTotal: Map<string, Addition>, total: Omit<Addition, keyof Part>, part: Part): void {
  const { subscriptionId, span, start, meter } = total;
  const key = `${subscriptionId}/${span}/${start}/${meter}`;
  const known = byTotal.get(key);
  if (!known) {
    byTotal.set(key, { ...total, ...part, values: new Set(part.values) });
    return;
  }
  known.quantity = together(known, part);
  known.events += part.events;
  if (part.lastAt > known.lastAt) known.lastAt = part.lastAt;
  for (const value of part.values) known.values.add(value);
}

/** Of two parts of the same span. Of several events at one time, which are in one slot, the one counts that came last. */
function together(before: Part, { quantity, lastAt }: Pick<Part, 'quantity' | 'lastAt'>): Decimal {
  switch (before.aggregation) {
    case 'sum':
    case 'count':
      return before.quantity.plus(quantity);
    case 'max':
      return quantity.compare(before.quantity) > 0 ? quantity : before.quantity;
    case 'last':
      return lastAt >= before.lastAt ? quantity : before.quantity;
    case 'unique':
      return before.quantity;
    default:
      return before.aggregation satisfies never;
  }
}
