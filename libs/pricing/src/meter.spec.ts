import fc from 'fast-check';
import { decimal } from '#kernel/decimal.js';
import { fromEpochMs, instant } from '#kernel/instant.js';
import { aggregate, type Meter, type MeteredEvent } from './meter.js';

const at = (time: string, quantity: string, properties: Record<string, string> = {}): MeteredEvent => ({
  quantity: decimal(quantity),
  timestamp: instant(`2026-04-01T${time}:00Z`),
  properties,
});
const events = [
  at('10:00', '2', { gb: '1.5', user: 'ada' }),
  at('12:00', '-0.5', { gb: '4', user: 'bob' }),
  // Arrives last but one, and is the latest together with the last.
  at('13:00', '3', { gb: '2', user: 'ada' }),
  at('13:00', '1', { gb: '0', user: 'Ada' }),
  at('11:00', '2.25', { gb: '2.5', user: 'ada' }),
];
const meter = (aggregation: Meter['aggregation'], property?: string): Meter => ({
  metric: 'calls',
  aggregation,
  ...(property && { property }),
});

describe('A meter', () => {
  it.each<[Meter['aggregation'], string | undefined, string]>([
    ['sum', undefined, '7.75'],
    ['sum', 'gb', '10'],
    ['count', undefined, '5'],
    ['max', undefined, '3'],
    ['max', 'gb', '4'],
    ['last', undefined, '1'],
    ['last', 'gb', '0'],
    ['unique', 'user', '3'],
  ])('by %s over %s makes one quantity of all events', (aggregation, property, expected) => {
    expect(aggregate(meter(aggregation, property), events).toString()).toBe(expected);
  });

  it.each<Meter>([meter('sum'), meter('count'), meter('max'), meter('last'), meter('unique', 'user')])(
    'without events is zero: %j',
    (given) => {
      expect(aggregate(given, []).toString()).toBe('0');
    },
  );

  it('has a maximum below zero where every event is', () => {
    expect(aggregate(meter('max'), [at('10:00', '-3'), at('11:00', '-2')]).toString()).toBe('-2');
  });

  it('refuses an event without its property, or with one that is no number, and names the place', () => {
    const incomplete = [at('10:00', '1', { gb: '1' }), at('11:00', '1')];
    expect(() => aggregate(meter('sum', 'gb'), incomplete, '/usage/events')).toThrow(
      expect.objectContaining({ code: 'usage_property_invalid', pointer: '/usage/events/1/properties/gb' }),
    );
    expect(() => aggregate(meter('max', 'gb'), [at('10:00', '1', { gb: 'much' })])).toThrow(
      expect.objectContaining({ code: 'decimal_invalid' }),
    );
    expect(() => aggregate(meter('unique', 'toString'), [at('10:00', '1')])).toThrow(
      expect.objectContaining({ code: 'usage_property_invalid' }),
    );
  });

  it('knows no order but that of time, and of arrival among the latest', () => {
    const anyEvents = fc.uniqueArray(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyEvents, fc.infiniteStream(fc.integer({ min: -100, max: 100 })), (times, quantities) => {
        const given = times.map((time) => ({
          quantity: decimal(String(quantities.next().value)),
          timestamp: fromEpochMs(time),
          properties: {},
        }));
        const reversed = [...given].reverse();
        for (const each of [meter('sum'), meter('count'), meter('max'), meter('last')]) {
          expect(aggregate(each, reversed)).toEqual(aggregate(each, given));
        }
      }),
    );
  });

  it('adds up in parts to the same as at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 })), fc.nat(), (quantities, cut) => {
        const given = quantities.map((quantity) => at('10:00', String(quantity)));
        const [before, after] = [given.slice(0, cut), given.slice(cut)];
        for (const each of [meter('sum'), meter('count')]) {
          expect(aggregate(each, before).plus(aggregate(each, after))).toEqual(aggregate(each, given));
        }
      }),
    );
  });
});
