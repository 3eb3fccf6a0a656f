import { randomUUID } from 'node:crypto';
import { startPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const month = { unit: 'month', count: 1 };
const base = {
  code: 'base',
  name: null,
  billedAt: null,
  meter: null,
  kind: 'recurring',
  model: 'flat',
  billing: 'advance',
  taxCode: null,
  taxBehavior: 'exclusive',
  currencies: { USD: { amount: 2900 }, JPY: { amount: 3000 } },
};
const seats = { ...base, code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: '900.25' } } };
const aCode = () => `plan-${randomUUID()}`;

async function published(changes: object = {}): Promise<{ id: string; code: string; etag: string }> {
  const { body, headers } = await platform
    .post('/v1/plans', { code: aCode(), name: 'Pro', interval: month, prices: [base], ...changes })
    .expect(201);
  return { id: body.id, code: body.code, etag: headers.etag! };
}

const everyModel: [string, Record<string, unknown>][] = [
  ['flat', { amount: 2900, periodMinimum: 100 }],
  ['perUnit', { unitAmount: '0.25', freeUnits: '2.5' }],
  ['graduated', { tiers: [tier('100', { unitAmount: '5' }), tier(null, { unitAmount: '0.125', flatAmount: 300 })], periodMaximum: 100000 }],
  ['volume', { tiers: [tier('100.5', { unitAmount: '5' }), tier(null, { unitAmount: '4' })] }],
  ['stairStep', { tiers: [tier('100', { flatAmount: 500 }), tier(null, { flatAmount: 900 })] }],
  ['package', { packageSize: '1000', packageAmount: 500, freeUnits: '50' }],
];

function tier(upTo: string | null, terms: object): object {
  return { upTo, ...terms };
}

/** Amounts are text there, and what a tier does not have is null. */
function inGraphql(terms: Record<string, unknown>): object {
  const values = Object.entries(terms).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]);
  const { tiers, ...others } = Object.fromEntries(values);
  const nothing = { unitAmount: null, flatAmount: null };
  return tiers ? { ...others, tiers: tiers.map((each: Record<string, unknown>) => ({ ...nothing, ...inGraphql(each) })) } : others;
}

describe('US2: the prices of a plan', () => {
  it.each(everyModel)('takes the model %s, shows it as it was given, in GraphQL too', async (model, terms) => {
    const price = { ...base, code: 'units', name: 'Units', model, currencies: { USD: terms, KWD: terms } };
    const { id } = await published({ prices: [base, price] });
    expect((await platform.get(`/v1/plans/${id}`)).body.prices).toEqual([base, price]);
    const names = Object.keys(terms).map((name) => (name === 'tiers' ? 'tiers { upTo unitAmount flatAmount }' : name));
    const query = `query ($id: ID!) { plan(id: $id) { prices { name currencies { currency ${names.join(' ')} } } } }`;
    const { body } = await platform.graphql(query, { id }).expect(200);
    expect(body.data.plan.prices[1]).toEqual({
      name: 'Units',
      currencies: ['USD', 'KWD'].map((currency) => ({ currency, ...inGraphql(terms) })),
    });
  });

  it('names a setup fee, and says when it is billed', async () => {
    const setup = { code: 'setup', name: 'Setup', kind: 'oneTime', model: 'flat', currencies: { USD: { amount: 9900 } } };
    const { id } = await published({ prices: [base, setup, { ...setup, code: 'onboarding', billedAt: 'trialEnd' }] });
    const { body } = await platform.get(`/v1/plans/${id}`);
    expect(body.prices.slice(1)).toEqual([
      { ...base, ...setup, billedAt: 'start' },
      { ...base, ...setup, code: 'onboarding', billedAt: 'trialEnd' },
    ]);
  });

  const usage = { ...base, code: 'calls', kind: 'usage', billing: 'arrears', meter: { metric: 'calls', aggregation: 'sum' } };

  it.each([
    ['graduated', { tiers: [{ upTo: null, unitAmount: '1' }] }],
    ['package', { packageSize: '100', packageAmount: 500 }],
    ['percentage', { rate: '2.9', fixedAmount: 30, minimumAmount: 50, maximumAmount: 900, freeUnits: '3', freeAmount: 10000 }],
  ])('takes usage with its meter: %s', async (model, terms) => {
    const { id } = await published({ prices: [base, { ...usage, model, currencies: { USD: terms } }] });
    const { body } = await platform.get(`/v1/plans/${id}`);
    expect(body.prices[1]).toMatchObject({ kind: 'usage', model, billing: 'arrears', meter: usage.meter });
  });

  const filter = { region: ['eu', 'us'], tier: ['gold'] };

  it('takes a meter that counts only events with some properties, and shows it in REST and GraphQL', async () => {
    const given = { ...usage.meter, filter: { tier: ['gold'], region: ['us', 'eu', 'us'] } };
    const eu = { ...usage, model: 'perUnit', meter: given, currencies: { USD: { unitAmount: '1' } } };
    const { id } = await published({ prices: [eu] });
    expect((await platform.get(`/v1/plans/${id}`)).body.prices[0].meter).toEqual({ ...usage.meter, property: null, filter });
    const query = 'query ($id: ID!) { plan(id: $id) { prices { meter { metric filter { property oneOf } } } } }';
    const { body } = await platform.graphql(query, { id });
    expect(body.data.plan.prices[0].meter).toEqual({
      metric: 'calls',
      filter: [
        { property: 'region', oneOf: ['eu', 'us'] },
        { property: 'tier', oneOf: ['gold'] },
      ],
    });
    // The same filter in another order is no new version.
    const again = { ...eu, meter: { ...usage.meter, filter } };
    expect((await platform.patch(`/v1/plans/${id}`, { prices: [again] }).expect(200)).body.version).toBe(1);
    const other = { ...eu, meter: { ...usage.meter, filter: { region: ['eu'] } } };
    expect((await platform.patch(`/v1/plans/${id}`, { prices: [other] }).expect(200)).body.version).toBe(2);
  });

  it.each<[string, unknown, string, string]>([
    ['a filter of nothing', {}, '', 'This must be an object of 1 to 10 properties, each with the texts that count.'],
    ['a list for a filter', ['eu'], '', 'This must be an object of 1 to 10 properties, each with the texts that count.'],
    ['no texts', { region: [] }, '/region', 'This must be a list of 1 to 50 texts.'],
    ['one text instead of a list', { region: 'eu' }, '/region', 'This must be a list of 1 to 50 texts.'],
    ['a number', { size: [1] }, '/size', 'Properties of events are texts, so what counts are texts.'],
    ['a text of 10,000 characters', { region: ['x'.repeat(10_000)] }, '/region', 'Texts have at most 500 characters.'],
    ['a long name', { ['x'.repeat(41)]: ['y'] }, `/${'x'.repeat(41)}`, 'Names have 1 to 40 characters.'],
  ])('refuses a filter with %s, and says what is wrong where', async (_, wrong, pointer, detail) => {
    const price = { ...usage, model: 'perUnit', meter: { ...usage.meter, filter: wrong }, currencies: { USD: { unitAmount: '1' } } };
    const { body } = await platform.post('/v1/plans', { code: aCode(), name: 'Pro', interval: month, prices: [price] }).expect(422);
    expect(body.errors).toEqual([{ pointer: `/prices/0/meter/filter${pointer}`, code: 'filter_invalid', detail }]);
  });
});

describe('US2: cloning a plan', () => {
  it('publishes a new one with the same offer, and leaves the first as it is', async () => {
    const { id } = await published({ prices: [base, seats], trialDays: 7, metadata: { tier: 'gold' } });
    await platform.patch(`/v1/plans/${id}`, { trialDays: 14 }).expect(200);
    const { body: source } = await platform.get(`/v1/plans/${id}`);
    const code = aCode();
    const clone = () => platform.post(`/v1/plans/${id}/clone`, { code, name: 'Pro 2027' }).set('Idempotency-Key', `clone ${code}`);
    const { body, headers } = await clone().expect(201);
    expect(body).toMatchObject({
      code,
      name: 'Pro 2027',
      version: 1,
      active: true,
      trialDays: 14,
      prices: source.prices,
      metadata: source.metadata,
    });
    expect(headers.location).toBe(`/v1/plans/${body.id}`);
    expect((await clone().expect(201)).headers['idempotent-replayed']).toBe('true');
    expect((await platform.get(`/v1/plans/${id}`)).body).toEqual(source);
  });

  it('is refused for a code that is taken, and of a plan that there is not', async () => {
    const { id, code } = await published();
    expect((await platform.post(`/v1/plans/${id}/clone`, { code }).expect(409)).body.code).toBe('plan_code_taken');
    expect((await platform.post(`/v1/plans/${randomUUID()}/clone`, { code: aCode() }).expect(404)).body.code).toBe('plan_not_found');
  });
});

describe('A list of plans', () => {
  it('filters by the beginning of the code, by currency and by interval', async () => {
    const prefix = aCode();
    const named = (name: string, changes: object = {}) => published({ code: `${prefix}-${name}`, ...changes });
    await named('both', { prices: [base, seats] });
    await named('base');
    await named('year', { interval: { unit: 'year', count: 1 } });
    const codes = async (filter: string) => {
      const { body } = await platform.get(`/v1/plans?codePrefix=${prefix}${filter}`).expect(200);
      return body.data.map(({ code }: { code: string }) => code.slice(prefix.length + 1)).sort();
    };
    expect(await codes('')).toEqual(['base', 'both', 'year']);
    expect(await codes('&currency=USD')).toEqual(['base', 'both', 'year']);
    // Its seats cost nothing in yen, so nobody who pays in yen can have it.
    expect(await codes('&currency=JPY')).toEqual(['base', 'year']);
    expect(await codes('&currency=JPY&interval=month')).toEqual(['base']);
    expect(await codes('&interval=week')).toEqual([]);
    const query = `{ plans(codePrefix: "${prefix}", currency: "JPY", interval: "year") { edges { node { code } } } }`;
    expect((await platform.graphql(query, {})).body.data.plans.edges).toEqual([{ node: { code: `${prefix}-year` } }]);
    expect((await platform.get('/v1/plans?currency=XXX').expect(422)).body.errors).toMatchObject([{ pointer: '/currency', in: 'query' }]);
  });
});
