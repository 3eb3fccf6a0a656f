import fc from 'fast-check';
import { decimal } from '#kernel/decimal.js';
import { fromEpochMs, instant } from '#kernel/instant.js';
import { aggregate, isCounted, type Meter, type MeteredEvent, meterKey, plainestFilter, quantitiesOf } from './meter.js';

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

describe('A meter with a filter', () => {
  const ofAda = (aggregation: Meter['aggregation'], property?: string): Meter => ({
    ...meter(aggregation, property),
    filter: { user: ['ada', 'Ada'] },
  });

  it.each<[Meter['aggregation'], string | undefined, string]>([
    ['sum', undefined, '8.25'],
    ['sum', 'gb', '6'],
    ['count', undefined, '4'],
    ['max', 'gb', '2.5'],
    ['last', undefined, '1'],
    ['unique', 'user', '2'],
  ])('by %s over %s counts only the events that have one of the texts', (aggregation, property, expected) => {
    expect(aggregate(ofAda(aggregation, property), events).toString()).toBe(expected);
  });

  it('counts an event that has every property, each as one of its texts, exactly as they are written', () => {
    const filtered: Meter = { ...meter('sum'), filter: { region: ['eu', 'us'], tier: ['gold'] } };
    const counts = (properties: Record<string, string>) => isCounted(filtered, { properties });
    expect(counts({ region: 'us', tier: 'gold', more: 'x' })).toBe(true);
    expect(counts({ region: 'us', tier: 'silver' })).toBe(false);
    expect(counts({ region: 'eu' })).toBe(false);
    expect(counts({ region: 'EU', tier: 'gold' })).toBe(false);
    expect(counts({})).toBe(false);
    expect(isCounted({ ...meter('sum'), filter: { toString: ['x'] } }, { properties: {} })).toBe(false);
  });

  it('needs no property of an event that it does not count, and names the place of one that it does', () => {
    const given = [at('10:00', '1', { user: 'bob' }), at('10:00', '1', { user: 'ada', gb: 'much' })];
    expect(aggregate(ofAda('sum', 'gb'), given.slice(0, 1)).toString()).toBe('0');
    expect(() => aggregate(ofAda('sum', 'gb'), given, '/usage/events')).toThrow(
      expect.objectContaining({ code: 'decimal_invalid', pointer: '/usage/events/1' }),
    );
  });

  it('gives a percentage the events that it counts, in their order', () => {
    expect(quantitiesOf(ofAda('sum'), events).map(String)).toEqual(['2', '3', '1', '2.25']);
  });
});

describe('What a meter counts under (lago-api #502, flexprice #1400: keys that collide)', () => {
  const anyText = fc.string({ maxLength: 5, unit: fc.constantFrom('a', '/', '?', '=', '&', ',', '#', '%', '2f', ' ', 'é', '"') });
  const anyMeter = fc.record(
    {
      metric: anyText,
      aggregation: fc.constantFrom<Meter['aggregation']>('sum', 'count', 'max', 'last', 'unique'),
      property: anyText,
      filter: fc.dictionary(anyText, fc.array(anyText, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 3 }),
    },
    { requiredKeys: ['metric', 'aggregation'] },
  ) as fc.Arbitrary<Meter>;
  /** Whoever can read the meter back from its key proves that no other meter has that key. */
  function readBack(key: string): Meter {
    const plain = (text: string) => text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    const [path, conditions, ...rest] = key.split('?');
    const [aggregation, metric, property, ...more] = path!.split('/');
    expect([rest, more]).toEqual([[], []]);
    const filter = conditions?.split('&').map((condition) => {
      const [name, texts, ...none] = condition.split('=');
      expect(none).toEqual([]);
      return [plain(name!), texts!.split(',').map(plain)];
    });
    return {
      ...{ metric: plain(metric!), aggregation: aggregation as Meter['aggregation'] },
      ...(property !== undefined && { property: plain(property) }),
      ...(filter && { filter: Object.fromEntries(filter) }),
    };
  }

  it('is one key for each thing that a meter can say, whatever characters its names and texts hold', () => {
    fc.assert(
      fc.property(anyMeter, (given) => {
        fc.pre(!meterKey(given).includes('#'));
        expect(readBack(meterKey(given))).toEqual({ ...given, ...(given.filter && { filter: plainestFilter(given.filter) }) });
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, Meter, Meter]>([
    ['a slash in a name', { ...meter('sum'), metric: 'a/b' }, { ...meter('sum', 'b'), metric: 'a' }],
    ['a property of no character', meter('sum'), { ...meter('sum'), property: '' }],
    ['a comma in a text', { ...meter('sum'), filter: { region: ['eu,us'] } }, { ...meter('sum'), filter: { region: ['eu', 'us'] } }],
    ['a condition in a text', { ...meter('sum'), filter: { a: ['1&b=2'] } }, { ...meter('sum'), filter: { a: ['1'], b: ['2'] } }],
    ['what looks escaped', { ...meter('sum'), filter: { a: ['%2f'] } }, { ...meter('sum'), filter: { a: ['/'] } }],
    ['texts that differ at their ends', long('x'), long('y')],
  ])('is another key with %s', (_, one, other) => {
    expect(meterKey(one)).not.toBe(meterKey(other));
  });

  it('is the same key in whatever order a filter was given', () => {
    const one = { ...meter('sum'), filter: { region: ['eu', 'us'], tier: ['gold'] } };
    const other = { ...meter('sum'), filter: { tier: ['gold', 'gold'], region: ['us', 'eu'] } };
    expect(meterKey(one)).toBe(meterKey(other));
    expect(meterKey(one)).toBe('sum/calls?region=eu,us&tier=gold');
  });

  it('is short enough for an index, and begins with the aggregation', () => {
    expect(meterKey(long('x'))).toMatch(/^sum\/#[0-9a-f]{64}$/);
  });

  function long(end: string): Meter {
    return { ...meter('sum'), filter: { region: [`${'é'.repeat(10_000)}${end}`] } };
  }
});
