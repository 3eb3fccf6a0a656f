import { Decimal, decimal } from '#kernel/decimal.js';
import type { Instant } from '#kernel/instant.js';
import { defineRefusal } from '#kernel/refusal.js';

export const aggregations = ['sum', 'count', 'max', 'last', 'unique'] as const;
export type Aggregation = (typeof aggregations)[number];

/** How usage events become one quantity. */
export interface Meter {
  readonly metric: string;
  readonly aggregation: Aggregation;
  /** The property that holds the number, or what is told apart by `unique`; without it, the quantity of the event. */
  readonly property?: string;
}

/** What is counted under one name: two prices whose meters say the same share it, and a meter that says something else counts anew. */
export function meterKey({ metric, aggregation, property }: Meter): string {
  return property === undefined ? `${aggregation}/${metric}` : `${aggregation}/${metric}/${property}`;
}

export interface MeteredEvent {
  readonly quantity: Decimal;
  readonly timestamp: Instant;
  readonly properties: Readonly<Record<string, string>>;
}

export const usagePropertyInvalid = defineRefusal({
  code: 'usage_property_invalid',
  kind: 'invalid',
  hint: 'Give each usage event the property that its meter reads; where it is added up or compared it is a decimal, such as "12.5".',
});

/** What an event counts for. Refuses with `usage_property_invalid` where the meter's property is not there, with `decimal_invalid` where it is no decimal. */
export function quantityOf({ property, aggregation }: Meter, { quantity, properties }: MeteredEvent, pointer?: string): Decimal {
  if (aggregation === 'count' || aggregation === 'unique') return Decimal.one;
  if (property === undefined) return quantity;
  return decimal(textOf(property, properties, pointer), pointer);
}

/** The quantity of all events of a period, which come in the order of their arrival. Without events it is zero. */
export function aggregate(meter: Meter, events: readonly MeteredEvent[], pointer?: string): Decimal {
  const at = (index: number): string | undefined => (pointer === undefined ? undefined : `${pointer}/${index}`);
  if (meter.aggregation === 'unique') {
    return Decimal.of(BigInt(new Set(events.map((event, index) => distinctValueOf(meter, event, at(index)))).size));
  }
  const quantities = events.map((event, index) => quantityOf(meter, event, at(index)));
  switch (meter.aggregation) {
    case 'sum':
    case 'count':
      return quantities.reduce((sum, each) => sum.plus(each), Decimal.zero);
    case 'max':
      return quantities.reduce((most, each) => (each.compare(most) > 0 ? each : most), quantities[0] ?? Decimal.zero);
    case 'last':
      return quantities[lastOf(events)] ?? Decimal.zero;
    default:
      return meter.aggregation satisfies never;
  }
}

/** The index of the latest event; of several at one time, the one that came last. */
function lastOf(events: readonly MeteredEvent[]): number {
  return events.reduce((last, { timestamp }, index) => (last < 0 || timestamp >= events[last]!.timestamp ? index : last), -1);
}

/** What tells an event apart from others of its meter. Refuses with `usage_property_invalid` where it is not there. */
export function distinctValueOf({ property }: Meter, { properties }: MeteredEvent, pointer?: string): string {
  return textOf(property!, properties, pointer);
}

function textOf(property: string, properties: MeteredEvent['properties'], pointer: string | undefined): string {
  const value = Object.hasOwn(properties, property) ? properties[property] : undefined;
  if (value === undefined) {
    throw usagePropertyInvalid(`The event has no property ${property}.`, { pointer: pointer && `${pointer}/properties/${property}` });
  }
  return value;
}
