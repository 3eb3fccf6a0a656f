import { hash } from 'node:crypto';
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
  readonly filter?: MeterFilter;
}

/** By the name of a property the texts that are counted: an event counts where each named property is one of its texts. */
export type MeterFilter = Readonly<Record<string, readonly string[]>>;

/** A batch asks for the keys of the same few meters again and again. */
const keys = new WeakMap<Meter, string>();

/** A key is part of an index, where PostgreSQL takes no more than some 2,700 bytes, in up to three of them for a character. */
const LONGEST_KEY = 200;

/**
 * What is counted under one name: two prices whose meters say the same share it, and a meter that says something else counts anew.
 * Names and texts may hold any character, so those that separate them are escaped: no two meters have one key. It begins with the
 * aggregation.
 */
export function meterKey(meter: Meter): string {
  const known = keys.get(meter);
  if (known !== undefined) return known;
  const key = keyOf(meter);
  keys.set(meter, key);
  return key;
}

function keyOf({ metric, aggregation, property, filter }: Meter): string {
  const read = property === undefined ? '' : `/${escaped(property)}`;
  const key = `${aggregation}/${escaped(metric)}${read}${filter === undefined ? '' : `?${conditionsOf(filter)}`}`;
  return key.length <= LONGEST_KEY ? key : `${aggregation}/#${hash('sha256', key)}`;
}

function conditionsOf(filter: MeterFilter): string {
  return Object.entries(plainestFilter(filter))
    .map(([name, texts]) => `${escaped(name)}=${texts.map(escaped).join(',')}`)
    .join('&');
}

function escaped(text: string): string {
  return text.replace(/[%/?&=,#]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** The same filter with its names and texts in order, and each text once. */
export function plainestFilter(filter: MeterFilter): MeterFilter {
  const names = Object.keys(filter).sort();
  return Object.fromEntries(names.map((name) => [name, [...new Set(filter[name])].sort()]));
}

/** Whether a meter counts an event of its metric. One that lacks a property of the filter is not counted. */
export function isCounted({ filter }: Meter, { properties }: Pick<MeteredEvent, 'properties'>): boolean {
  if (filter === undefined) return true;
  return Object.keys(filter).every((name) => Object.hasOwn(properties, name) && filter[name]!.includes(properties[name]!));
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

/** The quantity of all events of a period that the meter counts, which come in the order of their arrival. Without events it is zero. */
export function aggregate(meter: Meter, given: readonly MeteredEvent[], pointer?: string): Decimal {
  const counted = countedOf(meter, given, pointer);
  if (meter.aggregation === 'unique') {
    return Decimal.of(BigInt(new Set(counted.map(({ event, at }) => distinctValueOf(meter, event, at))).size));
  }
  const events = counted.map(({ event }) => event);
  const quantities = counted.map(({ event, at }) => quantityOf(meter, event, at));
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

/** The quantity of each event that the meter counts, in their order: what a percentage is of. */
export function quantitiesOf(meter: Meter, events: readonly MeteredEvent[], pointer?: string): Decimal[] {
  return countedOf(meter, events, pointer).map(({ event, at }) => quantityOf(meter, event, at));
}

/** The events that a meter counts, with the places that they were given at. */
function countedOf(meter: Meter, events: readonly MeteredEvent[], pointer?: string): { event: MeteredEvent; at: string | undefined }[] {
  const placed = events.map((event, index) => ({ event, at: pointer === undefined ? undefined : `${pointer}/${index}` }));
  return placed.filter(({ event }) => isCounted(meter, event));
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
