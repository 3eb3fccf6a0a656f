import { type ProposedPrice, soundPrice } from './sound-price.js';

const seats: ProposedPrice = {
  code: 'seats',
  kind: 'recurring',
  model: 'perUnit',
  taxCode: null,
  taxBehavior: 'exclusive',
  currencies: { USD: { unitAmount: '9.50' } },
};
const calls: ProposedPrice = { ...seats, kind: 'usage', meter: { metric: 'calls', aggregation: 'sum' } };
const of = (model: ProposedPrice['model'], terms: object): ProposedPrice => ({
  ...(model === 'percentage' ? calls : seats),
  model,
  currencies: { USD: terms },
});
const tiers = (...given: object[]): ProposedPrice => of('graduated', { tiers: given });

describe('A sound price', () => {
  it('has its terms in their plainest form, and what is usual for its kind', () => {
    expect(soundPrice(seats, '')).toEqual({ ...seats, billing: 'advance', currencies: { USD: { unitAmount: '9.5' } } });
    expect(soundPrice(calls, '')).toMatchObject({ billing: 'arrears', meter: calls.meter });
    expect(soundPrice({ ...seats, kind: 'oneTime' }, '')).toMatchObject({ billing: 'advance', billedAt: 'start' });
    expect(soundPrice({ ...seats, billing: 'arrears' }, '')).toMatchObject({ billing: 'arrears' });
  });

  it('has the filter of its meter in order, with each text once', () => {
    const filter = { tier: ['gold'], region: ['us', 'eu', 'us'] };
    const { meter } = soundPrice({ ...calls, meter: { ...calls.meter!, filter } }, '');
    expect(JSON.stringify(meter)).toBe('{"metric":"calls","aggregation":"sum","filter":{"region":["eu","us"],"tier":["gold"]}}');
  });

  it('keeps no field that another model has, and none that was not given', () => {
    const { currencies } = soundPrice(of('perUnit', { unitAmount: '1', freeUnits: null, amount: '5', tiers: [] }), '');
    expect(currencies).toEqual({ USD: { unitAmount: '1' } });
  });

  it.each<[string, ProposedPrice, string, string]>([
    ['usage in advance', { ...calls, billing: 'advance' }, 'price_invalid', '/billing'],
    ['what is charged once in arrears', { ...seats, kind: 'oneTime', billing: 'arrears' }, 'price_invalid', '/billing'],
    ['a moment for what recurs', { ...seats, billedAt: 'start' }, 'price_invalid', '/billedAt'],
    ['usage without a meter', { ...calls, meter: undefined }, 'price_invalid', '/meter'],
    ['a meter for what is not usage', { ...seats, meter: calls.meter }, 'price_invalid', '/meter'],
    ['flat usage', { ...calls, model: 'flat', currencies: { USD: { amount: '1' } } }, 'price_invalid', '/model'],
    ['a percentage of no usage', { ...seats, model: 'percentage', currencies: { USD: { rate: '1' } } }, 'price_invalid', '/model'],
    ['what is unique by nothing', { ...calls, meter: { metric: 'users', aggregation: 'unique' } }, 'price_invalid', '/meter/property'],
    [
      'a filter that nothing meets',
      { ...calls, meter: { ...calls.meter!, filter: { region: [] } } },
      'price_invalid',
      '/meter/filter/region',
    ],
    [
      'a percentage of a count',
      { ...of('percentage', { rate: '1' }), meter: { metric: 'calls', aggregation: 'count' } },
      'price_invalid',
      '/meter/aggregation',
    ],
    ['a price in no currency', { ...seats, currencies: {} }, 'price_terms_invalid', '/currencies'],
    ['no tier', tiers(), 'tiers_invalid', '/currencies/USD/tiers'],
    ['no tiers', of('volume', {}), 'tiers_invalid', '/currencies/USD/tiers'],
    ['a last tier that ends', tiers({ upTo: '10', unitAmount: '1' }), 'tiers_invalid', '/currencies/USD/tiers/0/upTo'],
    [
      'an open tier before the last',
      tiers({ upTo: null, unitAmount: '1' }, { upTo: null, unitAmount: '1' }),
      'tiers_invalid',
      '/currencies/USD/tiers/0/upTo',
    ],
    [
      'tiers that do not ascend',
      tiers({ upTo: '10', unitAmount: '1' }, { upTo: '9.5', unitAmount: '1' }, { upTo: null, unitAmount: '1' }),
      'tiers_invalid',
      '/currencies/USD/tiers/1/upTo',
    ],
    [
      'an empty tier',
      tiers({ upTo: '10', unitAmount: '1' }, { upTo: '10.0', unitAmount: '1' }, { upTo: null, unitAmount: '1' }),
      'tiers_invalid',
      '/currencies/USD/tiers/1/upTo',
    ],
    [
      'a first tier of nothing',
      tiers({ upTo: '0', unitAmount: '1' }, { upTo: null, unitAmount: '1' }),
      'tiers_invalid',
      '/currencies/USD/tiers/0/upTo',
    ],
    ['a tier without a price', tiers({ upTo: null }), 'tiers_invalid', '/currencies/USD/tiers/0'],
    [
      'a stair with a unit amount',
      of('stairStep', { tiers: [{ upTo: null, unitAmount: '1', flatAmount: '1' }] }),
      'tiers_invalid',
      '/currencies/USD/tiers/0/unitAmount',
    ],
    ['a stair without a price', of('stairStep', { tiers: [{ upTo: null }] }), 'tiers_invalid', '/currencies/USD/tiers/0/flatAmount'],
    ['a fee of half a cent', tiers({ upTo: null, flatAmount: '0.5' }), 'amount_invalid', '/currencies/USD/tiers/0/flatAmount'],
    [
      'a limit in words',
      tiers({ upTo: 'ten', unitAmount: '1' }, { upTo: null, unitAmount: '1' }),
      'decimal_invalid',
      '/currencies/USD/tiers/0/upTo',
    ],
    [
      'too many tiers',
      tiers(...Array.from({ length: 101 }, () => ({ upTo: null, unitAmount: '1' }))),
      'tiers_invalid',
      '/currencies/USD/tiers',
    ],
    ['packages of nothing', of('package', { packageSize: '0', packageAmount: '1' }), 'price_terms_invalid', '/currencies/USD/packageSize'],
    ['fewer free units than none', of('perUnit', { unitAmount: '1', freeUnits: '-1' }), 'price_terms_invalid', '/currencies/USD/freeUnits'],
    ['a negative unit amount', of('perUnit', { unitAmount: '-0.1' }), 'amount_invalid', '/currencies/USD/unitAmount'],
    ['a rate below zero', of('percentage', { rate: '-1' }), 'price_terms_invalid', '/currencies/USD/rate'],
    ['a rate beyond reason', of('percentage', { rate: '10000.1' }), 'price_terms_invalid', '/currencies/USD/rate'],
    ['half a free event', of('percentage', { rate: '1', freeUnits: '0.5' }), 'price_terms_invalid', '/currencies/USD/freeUnits'],
    [
      'an event that costs at most less than at least',
      of('percentage', { rate: '1', minimumAmount: '2', maximumAmount: '1' }),
      'price_terms_invalid',
      '/currencies/USD/maximumAmount',
    ],
    [
      'a period that costs at most less than at least',
      of('flat', { amount: '1', periodMinimum: '2', periodMaximum: '1' }),
      'price_terms_invalid',
      '/currencies/USD/periodMaximum',
    ],
  ])('is not %s', (_, price, code, pointer) => {
    expect(() => soundPrice(price, '/prices/0')).toThrow(expect.objectContaining({ code, pointer: `/prices/0${pointer}` }));
  });
});
