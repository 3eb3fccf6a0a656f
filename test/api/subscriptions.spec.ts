import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { countEvents, walked } from '../support/pages.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
let planId: string;
let accountId: string;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  planId = (await story.plan()).id;
  const seats = { code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: '900.25' } } };
  await story.plan({ code: 'team', prices: [seats] });
  await story.plan({ code: 'trial', trialDays: 14 });
  accountId = (await story.account()).id;
});
afterAll(() => platform.stop());

const start = (body: object) => platform.post('/v1/subscriptions', body);
const one = (id: string) => `/v1/subscriptions/${id}`;
const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function eventTypes(streamId: string): Promise<string[]> {
  const rows = await platform.database.query<{ event_type: string }>(
    'select event_type from es.event where stream_id = $1 order by version',
    [streamId],
  );
  return rows.map(({ event_type: type }) => type);
}

describe('US3: starting a subscription', () => {
  it('answers with all of it, and with its first invoice', async () => {
    const { body, headers } = await start({ accountId, planId, metadata: { team: 'blue' } }).expect(201);
    expect(body).toEqual({
      ...{ id: expect.any(String), accountId, planId, planVersion: 1, status: 'active', quantity: 1, items: [], currency: 'USD' },
      ...{ startedAt: at, currentPeriodStart: body.startedAt, currentPeriodEnd: at, trialEnd: null },
      hold: null,
      anchor: { local: expect.any(String), timeZone: 'America/New_York', anchorDay: null },
      ...{ cancelAtPeriodEnd: false, endsAt: null, canceledAt: null, scheduledChange: null, pausedAt: null, pauseResumesAt: null },
      ...{ latestInvoiceId: expect.any(String), externalId: null, metadata: { team: 'blue' }, createdAt: at },
    });
    expect(headers).toMatchObject({ etag: '"2"', location: one(body.id) });
    const read = await platform.get(one(body.id)).expect(200);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"2"');
    expect(await eventTypes(body.id)).toEqual(['SubscriptionStarted', 'PeriodStarted']);
    const { body: invoice } = await platform.get(`/v1/invoices/${body.latestInvoiceId}`).expect(200);
    expect(invoice).toMatchObject({ subscriptionId: body.id, accountId, total: { amount: 2900, currency: 'USD' } });
  });

  it('takes the plan by its code, and bills the seats', async () => {
    const { body } = await start({ accountId, planCode: 'team', quantity: 3 }).expect(201);
    const { body: invoice } = await platform.get(`/v1/invoices/${body.latestInvoiceId}`).expect(200);
    // 2700.75 cents, rounded at the line.
    expect(invoice).toMatchObject({ total: { amount: 2701 }, lines: [{ quantity: '3', unitAmount: '900.25', amount: { amount: 2701 } }] });
  });

  it('begins with a trial where the plan or the caller gives one, without an invoice', async () => {
    const byPlan = await start({ accountId, planCode: 'trial' }).expect(201);
    expect(byPlan.body).toMatchObject({ status: 'trialing', trialEnd: at, anchor: null, latestInvoiceId: null });
    expect(byPlan.body.currentPeriodEnd).toBe(byPlan.body.trialEnd);
    expect((await start({ accountId, planId, trialDays: 3 }).expect(201)).body.status).toBe('trialing');
    expect((await start({ accountId, planCode: 'trial', trialDays: 0 }).expect(201)).body.status).toBe('active');
  });

  it('on a day of the month cuts the first period short, and charges its days', async () => {
    const clock = await story.testClock('2026-03-14T15:00:00Z');
    const account = await story.account({ testClockId: clock });
    const { body } = await start({ accountId: account.id, planId, anchorDay: 31 }).expect(201);
    expect(body).toMatchObject({ currentPeriodEnd: '2026-03-31T15:00:00.000Z', anchor: { anchorDay: 31 } });
    const { body: invoice } = await platform.get(`/v1/invoices/${body.latestInvoiceId}`).expect(200);
    expect(invoice.lines).toMatchObject([{ proration: { numerator: '17', denominator: '31', unit: 'day' }, amount: { amount: 1590 } }]);
  });

  it('is done once and answered the same under one key, however often it is sent at once', async () => {
    const account = await story.account();
    const key = randomUUID();
    const send = () => start({ accountId: account.id, planId }).set('Idempotency-Key', key);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send().expect(201)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19);
    expect(new Set(answers.map(({ headers }) => headers.etag))).toEqual(new Set(['"2"']));
    expect((await platform.get(`/v1/subscriptions?accountId=${account.id}`)).body.data).toHaveLength(1);
    expect((await platform.get(`/v1/invoices?accountId=${account.id}`)).body.data).toHaveLength(1);
  });

  it('is refused under a key that belongs to another request', async () => {
    const key = randomUUID();
    await start({ accountId, planId }).set('Idempotency-Key', key).expect(201);
    const before = await countEvents(platform);
    const { body } = await start({ accountId, planId, quantity: 2 }).set('Idempotency-Key', key).expect(422);
    expect(body).toMatchObject({ code: 'idempotency_key_reused', hint: expect.any(String) });
    expect(await countEvents(platform)).toBe(before);
  });

  it.each<[string, object, string, string]>([
    ['no account', { accountId: undefined }, '/accountId', 'required'],
    ['an account whose id is none', { accountId: '7' }, '/accountId', 'id_invalid'],
    ['a plan whose id is none', { planId: 'pro' }, '/planId', 'id_invalid'],
    ['an empty code', { planId: undefined, planCode: '' }, '/planCode', 'text_length'],
    ['a quantity of none', { quantity: 0 }, '/quantity', 'integer_invalid'],
    ['a quantity as text', { quantity: '3' }, '/quantity', 'integer_invalid'],
    ['a trial that ended before it began', { trialDays: -1 }, '/trialDays', 'integer_invalid'],
    ['a trial of three years', { trialDays: 1095 }, '/trialDays', 'integer_invalid'],
    ['a start that is no instant', { startAt: 'yesterday' }, '/startAt', 'instant_invalid'],
    ['the 32nd of a month', { anchorDay: 32 }, '/anchorDay', 'integer_invalid'],
    ['metadata that is no text', { metadata: { team: 7 } }, '/metadata/team', 'metadata_invalid'],
    ['a field that there is not', { coupon: 'SPRING' }, '/coupon', 'unknown_field'],
  ])('refuses %s and stores nothing', async (_, wrong, pointer, code) => {
    const before = await countEvents(platform);
    const { body } = await start({ accountId, planId, ...wrong }).expect(422);
    expect(body).toMatchObject({ code: 'validation_failed', hint: expect.any(String) });
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(await countEvents(platform)).toBe(before);
  });

  it.each<[string, object, number, string, string]>([
    ['an account that there is not', { accountId: randomUUID() }, 404, 'account_not_found', '/accountId'],
    ['a plan that there is not', { planId: randomUUID() }, 404, 'plan_not_found', '/planId'],
    ['a code that no plan has', { planId: undefined, planCode: 'none' }, 404, 'plan_not_found', '/planCode'],
    ['half a seat', { quantity: 1.5 }, 422, 'number_not_whole', '/quantity'],
    ['no plan at all', { planId: undefined }, 422, 'plan_not_named', '/planId'],
    ['a plan named twice', { planCode: 'pro' }, 422, 'plan_not_named', '/planId'],
    ['a start in the future', { startAt: '2999-01-01T00:00:00Z' }, 422, 'start_at_in_future', '/startAt'],
  ])('refuses %s and stores nothing, whatever the key', async (_, wrong, status, code, pointer) => {
    const before = await countEvents(platform);
    const { body } = await start({ accountId, planId, ...wrong })
      .set('Idempotency-Key', randomUUID())
      .expect(status);
    expect(body).toMatchObject({ code, status, hint: expect.any(String), errors: [{ pointer, code }] });
    expect(await countEvents(platform)).toBe(before);
  });

  it('refuses a plan without a price in the currency of the account, and says which it has', async () => {
    const euros = await story.account({ currency: 'EUR' });
    const { body } = await start({ accountId: euros.id, planCode: 'team' }).expect(422);
    expect(body).toMatchObject({ code: 'currency_mismatch', errors: [{ pointer: '/planCode' }], hint: expect.stringContaining('USD') });
  });

  it('refuses a retired plan, and takes it when it is back', async () => {
    const { id, code } = await story.plan({ code: 'old' });
    await platform.patch(`/v1/plans/${id}`, { active: false }).expect(200);
    expect((await start({ accountId, planCode: code }).expect(409)).body).toMatchObject({
      code: 'plan_retired',
      errors: [{ pointer: '/planCode' }],
    });
    await platform.patch(`/v1/plans/${id}`, { active: true }).expect(200);
    await start({ accountId, planCode: code }).expect(201);
  });

  it('refuses more than can be charged exactly', async () => {
    const price = { code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: '9007199254740991' } } };
    await story.plan({ code: 'huge', prices: [price] });
    const { body } = await start({ accountId, planCode: 'huge', quantity: 2 }).expect(422);
    expect(body).toMatchObject({ code: 'charge_too_large', errors: [{ pointer: '/quantity' }] });
  });
});

describe('Reading subscriptions', () => {
  it('refuses an id that is none, and one that there is not', async () => {
    const { body } = await platform.get(one('7')).expect(422);
    expect(body.errors).toEqual([{ pointer: '/id', code: 'id_invalid', detail: expect.any(String), in: 'path' }]);
    expect((await platform.get(one(randomUUID())).expect(404)).body).toMatchObject({
      code: 'subscription_not_found',
      hint: expect.any(String),
    });
  });

  it('lists those of an account and of a status', async () => {
    const account = await story.account();
    const active = await story.subscription(account.id);
    const trialing = await story.subscription(account.id, { planCode: 'trial' });
    const ids = async (query: string) => (await walked(platform, `/v1/subscriptions?${query}`, 100)).map(({ id }) => id);
    expect(await ids(`accountId=${account.id}`)).toEqual([trialing.id, active.id]);
    expect(await ids(`accountId=${account.id.toUpperCase()}&status=active`)).toEqual([active.id]);
    expect(await ids(`accountId=${account.id}&status=paused`)).toEqual([]);
    expect(await ids('status=trialing')).toContain(trialing.id);
    expect(await ids('status=trialing')).not.toContain(active.id);
  });

  it.each([
    ['accountId=7', '/accountId', 'id_invalid'],
    ['status=running', '/status', 'choice_unknown'],
    ['plan=pro', '/plan', 'unknown_field'],
  ])('refuses the filter %s', async (query, pointer, code) => {
    const { body } = await platform.get(`/v1/subscriptions?${query}`).expect(422);
    expect(body.errors).toMatchObject([{ pointer, code, in: 'query' }]);
  });

  it.each(['limit=0', 'limit=101', 'limit=many', 'cursor=nonsense'])('refuses %s', async (query) => {
    const { body } = await platform.get(`/v1/subscriptions?${query}`).expect(422);
    expect(body).toMatchObject({ code: query.startsWith('limit') ? 'limit_invalid' : 'cursor_invalid', hint: expect.any(String) });
  });

  it('shows the whole list, newest first, whatever the size of the pages, also where many begin at one moment', async () => {
    const clock = await story.testClock('2026-03-14T15:00:00Z');
    const account = await story.account({ testClockId: clock });
    for (let count = 0; count < 5; count += 1) await story.subscription(account.id);
    await story.advance(clock, '2026-03-15T15:00:00Z');
    for (let count = 0; count < 4; count += 1) await story.subscription(account.id);
    const path = `/v1/subscriptions?accountId=${account.id}`;
    const whole = (await platform.get(`${path}&limit=100`).expect(200)).body.data as { id: string; createdAt: string }[];
    expect(whole).toHaveLength(9);
    expect(new Set(whole.map(({ createdAt }) => createdAt)).size).toBe(2);
    const order = whole.map(({ createdAt, id }) => createdAt + id);
    expect(order).toEqual([...order].sort().reverse());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (limit) => {
        expect(await walked(platform, path, limit)).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('refuses the cursor of a list with other filters', async () => {
    const { body } = await platform.get('/v1/subscriptions?limit=1').expect(200);
    const other = await platform.get(`/v1/subscriptions?limit=1&accountId=${accountId}&cursor=${body.nextCursor}`).expect(422);
    expect(other.body.code).toBe('cursor_invalid');
  });
});

describe('Canceling a subscription', () => {
  it('ends it now', async () => {
    const { id } = await story.subscription(accountId);
    const { body, headers } = await platform.delete(one(id)).set('If-Match', '"2"').expect(200);
    expect(body).toMatchObject({ id, status: 'canceled', canceledAt: at });
    expect(headers.etag).toBe('"4"');
    expect((await platform.get(one(id))).body).toEqual(body);
    expect(await eventTypes(id)).toContain('SubscriptionCanceled');
    for (const path of [one(id), `${one(id)}?atPeriodEnd=true`]) {
      const again = await platform.delete(path).expect(200);
      expect([again.body, again.headers.etag]).toEqual([body, '"4"']);
    }
  });

  it('ends it with the period that is paid for, and says so', async () => {
    const { id, currentPeriodEnd } = await story.subscription(accountId);
    const { body } = await platform.delete(`${one(id)}?atPeriodEnd=true`).expect(200);
    expect(body).toMatchObject({ status: 'active', cancelAtPeriodEnd: true, endsAt: currentPeriodEnd, canceledAt: null });
    expect((await platform.delete(`${one(id)}?atPeriodEnd=true`).expect(200)).body).toEqual(body);
  });

  it('is refused when it has changed since it was read', async () => {
    const { id } = await story.subscription(accountId);
    const before = await countEvents(platform);
    expect((await platform.delete(one(id)).set('If-Match', '"1"').expect(412)).body.code).toBe('version_conflict');
    expect((await platform.delete(one(id)).set('If-Match', 'three').expect(422)).body.code).toBe('if_match_invalid');
    expect(await countEvents(platform)).toBe(before);
  });

  it('with a key is done once, and answered the same', async () => {
    const { id } = await story.subscription(accountId);
    const cancel = () => platform.delete(one(id)).set('Idempotency-Key', `cancel ${id}`).expect(200);
    const [first, second] = [await cancel(), await cancel()];
    expect(second.text).toBe(first.text);
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"4"' });
    const other = await platform
      .delete(`${one(id)}?atPeriodEnd=true`)
      .set('Idempotency-Key', `cancel ${id}`)
      .expect(422);
    expect(other.body.code).toBe('idempotency_key_reused');
  });

  it('is refused where there is none, and where the request is none', async () => {
    expect((await platform.delete(one(randomUUID())).expect(404)).body.code).toBe('subscription_not_found');
    expect((await platform.delete(one('7')).expect(422)).body.errors).toMatchObject([{ pointer: '/id', in: 'path' }]);
    const { body } = await platform.delete(`${one(randomUUID())}?atPeriodEnd=perhaps`).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/atPeriodEnd', in: 'query' }]);
  });
});

describe('The documentation', () => {
  it('has every operation on subscriptions, with the headers it reads, its answers and its problems', async () => {
    const { paths } = (await platform.get('/docs/openapi.json').expect(200)).body;
    const { post, get: list } = paths['/v1/subscriptions'];
    const { get: read, delete: cancel } = paths['/v1/subscriptions/{id}'];
    const headersOf = ({ parameters }: { parameters: { in: string; name: string }[] }) =>
      parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name);
    for (const operation of [post, list, read, cancel]) expect(operation.summary).toEqual(expect.any(String));
    expect([post, list, read, cancel].map(headersOf)).toEqual([
      ['Idempotency-Key'],
      [],
      [],
      expect.arrayContaining(['Idempotency-Key', 'If-Match']),
    ]);
    expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['201', '400', '401', '404', '409', '413', '415', '422']));
    expect(Object.keys(cancel.responses)).toEqual(expect.arrayContaining(['200', '404', '409', '412', '422']));
    const problems = Object.keys(cancel.responses['412'].content['application/problem+json'].examples);
    expect(problems).toEqual(['version_conflict']);
  });

  it('gives an example that is accepted, for an account that there is', async () => {
    const { paths } = (await platform.get('/docs/openapi.json').expect(200)).body;
    const { examples } = paths['/v1/subscriptions'].post.requestBody.content['application/json'];
    for (const { value } of Object.values<{ value: object }>(examples)) await start({ ...value, accountId }).expect(201);
  });
});
