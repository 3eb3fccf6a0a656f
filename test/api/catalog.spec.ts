import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
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

async function countPlans(): Promise<number> {
  const [row] = await platform.database.query<{ count: string }>('select count(*) from catalog.plan_details');
  return Number(row!.count);
}

async function published(changes: object = {}): Promise<{ id: string; code: string; etag: string }> {
  const { body, headers } = await platform
    .post('/v1/plans', { code: aCode(), name: 'Pro', interval: month, prices: [base], ...changes })
    .expect(201);
  return { id: body.id, code: body.code, etag: headers.etag! };
}

describe('US2: publishing a plan', () => {
  it('answers with its first version, as it is read', async () => {
    const code = aCode();
    const given = {
      code,
      name: 'Team',
      interval: { unit: 'quarter', count: 2 },
      trialDays: 14,
      prices: [base, seats],
      metadata: { tier: 'gold' },
    };
    const { body, headers } = await platform.post('/v1/plans', given).expect(201);
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(body).toEqual({ id: expect.any(String), ...given, version: 1, active: true, createdAt: at, publishedAt: at });
    expect(headers).toMatchObject({ etag: '"1"', location: `/v1/plans/${body.id}` });
    const read = await platform.get(`/v1/plans/${body.id}`).expect(200);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
  });

  it('needs no more than a code, a name, an interval and a price', async () => {
    const given = { code: aCode(), name: 'Pro', interval: month, prices: [{ code: 'base', model: 'flat', currencies: base.currencies }] };
    const { body } = await platform.post('/v1/plans', given).expect(201);
    expect(body).toMatchObject({ trialDays: 0, metadata: {}, prices: [base] });
  });

  it('is refused for a code that is taken', async () => {
    const { code, id } = await published();
    const { body } = await platform.post('/v1/plans', { code, name: 'Other', interval: month, prices: [base] }).expect(409);
    expect(body).toMatchObject({ code: 'plan_code_taken', errors: [{ pointer: '/code' }], detail: expect.stringContaining(id) });
  });

  it('by many at once under one code makes one plan', async () => {
    const code = aCode();
    const before = await countPlans();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => platform.post('/v1/plans', { code, name: `Pro ${index}`, interval: month, prices: [base] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await countPlans()).toBe(before + 1);
  });

  it('with a key is done once', async () => {
    const given = { code: aCode(), name: 'Pro', interval: month, prices: [base] };
    const send = () => platform.post('/v1/plans', given).set('Idempotency-Key', `publish ${given.code}`).expect(201);
    const [first, second] = [await send(), await send()];
    expect(second.text).toBe(first.text);
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"1"' });
  });

  it.each([
    ['a code with a blank', { code: 'a b' }, '/code'],
    ['no prices', { prices: undefined }, '/prices'],
    ['an empty list of prices', { prices: [] }, '/prices'],
    ['a list for an interval', { interval: [] }, '/interval'],
    ['an unknown unit', { interval: { unit: 'fortnight', count: 1 } }, '/interval/unit'],
    ['an interval of four years', { interval: { unit: 'year', count: 4 } }, '/interval/count'],
    ['a trial of three years', { trialDays: 1095 }, '/trialDays'],
    ['an unknown model', { prices: [{ ...base, model: 'auction' }] }, '/prices/0/model'],
    ['an unknown currency', { prices: [{ ...base, currencies: { BTC: { amount: 1 } } }] }, '/prices/0/currencies/BTC'],
    ['no currency', { prices: [{ ...base, currencies: {} }] }, '/prices/0/currencies'],
    ['a negative amount', { prices: [{ ...base, currencies: { USD: { amount: -1 } } }] }, '/prices/0/currencies/USD/amount'],
    ['an amount as text', { prices: [{ ...base, currencies: { USD: { amount: '2900' } } }] }, '/prices/0/currencies/USD/amount'],
    [
      'a unit amount as a number',
      { prices: [{ ...seats, currencies: { USD: { unitAmount: 900 } } }] },
      '/prices/0/currencies/USD/unitAmount',
    ],
    ['terms of another model', { prices: [{ ...base, currencies: { USD: { unitAmount: '1' } } }] }, '/prices/0/currencies/USD/amount'],
    ['two prices with one code', { prices: [base, base] }, '/prices/1/code'],
    ['no tiers', { prices: [{ ...base, model: 'volume', currencies: { USD: { tiers: [] } } }] }, '/prices/0/currencies/USD/tiers'],
    [
      'a last tier that ends',
      { prices: [{ ...base, model: 'volume', currencies: { USD: { tiers: [{ upTo: '5', unitAmount: '1' }] } } }] },
      '/prices/0/currencies/USD/tiers/0/upTo',
    ],
    [
      'a tier without a limit or null',
      { prices: [{ ...base, model: 'volume', currencies: { USD: { tiers: [{ unitAmount: '1' }] } } }] },
      '/prices/0/currencies/USD/tiers/0/upTo',
    ],
    [
      'a fee in parts of a cent',
      { prices: [{ ...base, model: 'volume', currencies: { USD: { tiers: [{ upTo: null, flatAmount: 0.5 }] } } }] },
      '/prices/0/currencies/USD/tiers/0/flatAmount',
    ],
    [
      'a term of another model',
      { prices: [{ ...base, currencies: { USD: { amount: 1, packageSize: '1' } } }] },
      '/prices/0/currencies/USD/packageSize',
    ],
    ['a meter for what recurs', { prices: [{ ...base, meter: { metric: 'calls', aggregation: 'sum' } }] }, '/prices/0/meter'],
    ['an unknown aggregation', { prices: [{ ...base, meter: { metric: 'calls', aggregation: 'mean' } }] }, '/prices/0/meter/aggregation'],
  ])('refuses %s and stores nothing', async (_, wrong, pointer) => {
    const before = await countPlans();
    const { body } = await platform
      .post('/v1/plans', { code: aCode(), name: 'Pro', interval: month, prices: [base], ...wrong })
      .expect(422);
    expect(body).toMatchObject({ code: expect.any(String), hint: expect.any(String) });
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
    expect(await countPlans()).toBe(before);
  });

  it('refuses an amount beyond 2^53 instead of rounding it', async () => {
    const text = JSON.stringify({ code: aCode(), name: 'Pro', interval: month, prices: [base] }).replace('2900', '9007199254740993');
    const { body } = await platform
      .post('/v1/plans', text as unknown as object)
      .set('Content-Type', 'application/json')
      .expect(422);
    expect(body).toMatchObject({ code: 'amount_too_large', errors: [{ pointer: '/prices/0/currencies/USD/amount' }] });
  });
});

describe('US2: changing a plan', () => {
  const dearer = { ...base, currencies: { USD: { amount: 3900 } } };

  it('makes a version, and the one before can still be read', async () => {
    const { id, etag } = await published();
    const before = (await platform.get(`/v1/plans/${id}`)).body;
    const { body, headers } = await platform
      .patch(`/v1/plans/${id}`, { prices: [dearer] })
      .set('If-Match', etag)
      .expect(200);
    expect(body).toMatchObject({ name: 'Pro', version: 2, prices: [dearer], createdAt: before.createdAt });
    expect(headers.etag).toBe('"2"');
    expect((await platform.get(`/v1/plans/${id}`)).body).toEqual(body);
    expect((await platform.get(`/v1/plans/${id}?version=1`).expect(200)).body).toEqual(before);
    expect((await platform.get(`/v1/plans/${id}?version=3`).expect(404)).body.code).toBe('plan_version_not_found');
    expect((await platform.get(`/v1/plans/${id}?version=0`).expect(422)).body.errors[0].pointer).toBe('/version');
  });

  it('adds a currency without touching what it costs in the others', async () => {
    const { id } = await published({ prices: [base] });
    const { body: before } = await platform.get(`/v1/plans/${id}`);
    const [price] = before.prices;
    const wider = { ...price, currencies: { ...price.currencies, KWD: { amount: 9125 } } };
    const { body } = await platform.patch(`/v1/plans/${id}`, { prices: [wider] }).expect(200);
    expect(body).toMatchObject({ version: 2, prices: [wider] });
    expect((await platform.get(`/v1/plans/${id}?version=1`)).body.prices).toEqual(before.prices);
  });

  it('lists its versions, newest first, each as it was', async () => {
    const { id } = await published();
    await platform.patch(`/v1/plans/${id}`, { name: 'Pro 2' }).expect(200);
    await platform.patch(`/v1/plans/${id}`, { prices: [dearer] }).expect(200);
    const { body } = await platform.get(`/v1/plans/${id}/versions`).expect(200);
    expect(body.data.map(({ version, name }: { version: number; name: string }) => [version, name])).toEqual([
      [3, 'Pro 2'],
      [2, 'Pro 2'],
      [1, 'Pro'],
    ]);
    expect(body.data[2]).toEqual((await platform.get(`/v1/plans/${id}?version=1`)).body);
    const first = await platform.get(`/v1/plans/${id}/versions?limit=2`);
    const rest = await platform.get(`/v1/plans/${id}/versions?limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.data, ...rest.body.data]).toEqual(body.data);
    expect((await platform.get(`/v1/plans/${randomUUID()}/versions`).expect(404)).body.code).toBe('plan_not_found');
    const query = `query ($id: ID!) { old: plan(id: $id, version: 1) { version name } plan(id: $id) { versions(first: 2) { edges { node { version } } } } }`;
    const graphql = await platform.graphql(query, { id });
    expect(graphql.body.data).toEqual({
      old: { version: 1, name: 'Pro' },
      plan: { versions: { edges: [{ node: { version: 3 } }, { node: { version: 2 } }] } },
    });
  });

  it('to what it is already makes none', async () => {
    const { id } = await published();
    const { body, headers } = await platform.patch(`/v1/plans/${id}`, { name: 'Pro', prices: [base], trialDays: 0 }).expect(200);
    expect(body.version).toBe(1);
    expect(headers.etag).toBe('"1"');
  });

  it('is refused when it has changed since it was read', async () => {
    const { id, etag } = await published();
    await platform.patch(`/v1/plans/${id}`, { name: 'Pro 2' }).expect(200);
    expect((await platform.patch(`/v1/plans/${id}`, { name: 'Pro 3' }).set('If-Match', etag).expect(412)).body.code).toBe(
      'version_conflict',
    );
  });

  it('never changes its code', async () => {
    const { id } = await published();
    const { body } = await platform.patch(`/v1/plans/${id}`, { code: aCode() }).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/code', code: 'unknown_field' }]);
  });

  it('is refused where there is none', async () => {
    expect((await platform.patch(`/v1/plans/${randomUUID()}`, { name: 'Pro' }).expect(404)).body.code).toBe('plan_not_found');
  });

  it('retires it and brings it back without a new version', async () => {
    const { id, code } = await published();
    const retired = await platform.patch(`/v1/plans/${id}`, { active: false }).expect(200);
    expect(retired.body).toMatchObject({ active: false, version: 1 });
    expect(retired.headers.etag).toBe('"2"');
    expect((await platform.get(`/v1/plans?active=true&code=${code}`)).body.data).toEqual([]);
    expect((await platform.get(`/v1/plans?active=false&code=${code}`)).body.data).toEqual([retired.body]);
    expect((await platform.patch(`/v1/plans/${id}`, { active: true }).expect(200)).body).toMatchObject({ active: true, version: 1 });
  });
});

describe('The documentation', () => {
  it('has every operation on plans, with its answers and its problems', async () => {
    const { body } = await platform.get('/docs/openapi.json').expect(200);
    const { post, get } = body.paths['/v1/plans'];
    const { get: read, patch } = body.paths['/v1/plans/{id}'];
    for (const operation of [post, get, read, patch]) expect(operation.summary).toEqual(expect.any(String));
    expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['201', '401', '409', '422']));
    expect(Object.keys(patch.responses)).toEqual(expect.arrayContaining(['200', '404', '412', '422']));
    expect(Object.keys(read.responses)).toEqual(expect.arrayContaining(['200', '404']));
    expect(Object.keys(post.requestBody.content['application/json'].examples)).toHaveLength(2);
  });

  it('gives examples that are accepted', async () => {
    const { body } = await platform.get('/docs/openapi.json').expect(200);
    const { examples } = body.paths['/v1/plans'].post.requestBody.content['application/json'];
    for (const { value } of Object.values<{ value: object }>(examples)) await platform.post('/v1/plans', value).expect(201);
  });
});

describe('Reading plans', () => {
  it('goes through all pages of the list, newest first, each plan once', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.push((await published()).id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Response = await platform.get(`/v1/plans?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen.slice(0, 3)).toEqual(ids.reverse());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(await countPlans());
  });

  it('refuses a filter that is none', async () => {
    expect((await platform.get('/v1/plans?active=perhaps').expect(422)).body.errors).toMatchObject([{ pointer: '/active', in: 'query' }]);
    expect((await platform.get('/v1/plans?state=active').expect(422)).body.errors).toMatchObject([
      { pointer: '/state', code: 'unknown_field' },
    ]);
  });
});

describe('Plans in GraphQL', () => {
  const fields = `id code name version active trialDays metadata { key value } createdAt publishedAt interval { unit count }
    prices { code name kind model billing billedAt meter { metric aggregation property } taxCode taxBehavior currencies { currency amount unitAmount } }`;

  it('are the same as in REST', async () => {
    const { id } = await published({ prices: [base, seats], metadata: { tier: 'gold' } });
    const { body: rest } = await platform.get(`/v1/plans/${id}`);
    const { body } = await platform.graphql(`query ($id: ID!) { plan(id: $id) { ${fields} } }`, { id }).expect(200);
    const currencies = [
      { currency: 'USD', amount: '2900', unitAmount: null },
      { currency: 'JPY', amount: '3000', unitAmount: null },
    ];
    const prices = [
      { ...base, currencies },
      { ...seats, currencies: [{ currency: 'USD', amount: null, unitAmount: '900.25' }] },
    ];
    expect(body).toEqual({ data: { plan: { ...rest, metadata: [{ key: 'tier', value: 'gold' }], prices } } });
  });

  it('are paged, and told apart by whether they are active', async () => {
    const [one, two] = [await published(), await published()];
    await platform.patch(`/v1/plans/${two.id}`, { active: false }).expect(200);
    const query =
      'query ($after: String, $active: Boolean) { plans(first: 1, after: $after, active: $active) { edges { cursor node { id } } pageInfo { hasNextPage } } }';
    const first = await platform.graphql(query, {});
    expect(first.body.data.plans).toMatchObject({ edges: [{ node: { id: two.id } }], pageInfo: { hasNextPage: true } });
    const second = await platform.graphql(query, { after: first.body.data.plans.edges[0].cursor });
    expect(second.body.data.plans.edges).toMatchObject([{ node: { id: one.id } }]);
    const active = await platform.graphql(query, { active: true });
    expect(active.body.data.plans.edges).toMatchObject([{ node: { id: one.id } }]);
  });

  it('are null where there is none', async () => {
    expect((await platform.graphql(`{ plan(id: "${randomUUID()}") { id } }`)).body).toEqual({ data: { plan: null } });
  });
});
