import { randomUUID } from 'node:crypto';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
let accountId: string;
let clock: string;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
  await story.plan({
    code: 'metered',
    name: 'Metered',
    prices: [
      {
        ...{
          code: 'calls',
          name: 'Calls',
          kind: 'usage',
          model: 'graduated',
          meter: { metric: 'calls', aggregation: 'sum' },
          taxBehavior: 'exclusive',
        },
        currencies: {
          USD: {
            tiers: [
              { upTo: '100', unitAmount: '0' },
              { upTo: null, unitAmount: '0.5' },
            ],
          },
        },
      },
      {
        ...{ code: 'users', kind: 'usage', model: 'perUnit', meter: { metric: 'calls', aggregation: 'unique', property: 'user' } },
        ...{ taxBehavior: 'exclusive', currencies: { USD: { unitAmount: '100' } } },
      },
    ],
  });
  clock = await story.testClock('2026-01-31T15:00:00Z');
  accountId = (await story.account({ testClockId: clock })).id;
});
afterAll(() => platform.stop());

const aSubscription = async (fields: object = {}): Promise<string> =>
  (await story.subscription(accountId, { planCode: 'metered', ...fields })).id;
const event = (subscriptionId: string, changes: object = {}) => ({
  ...{
    subscriptionId,
    metric: 'calls',
    quantity: '10',
    timestamp: '2026-01-31T15:01:00Z',
    idempotencyKey: randomUUID(),
    properties: { user: 'ada' },
  },
  ...changes,
});

describe('POST /v1/usage', () => {
  it('answers one event with its result alone, and says again that it was counted', async () => {
    const one = event(await aSubscription());
    const { body } = await platform.post('/v1/usage', one).expect(200);
    expect(body).toEqual({ idempotencyKey: one.idempotencyKey, status: 'accepted' });
    expect((await platform.post('/v1/usage', one).expect(200)).body).toEqual({ idempotencyKey: one.idempotencyKey, status: 'duplicate' });
  });

  it('answers each of several by itself, in their order, with what is wrong and what to do', async () => {
    const id = await aSubscription();
    const events = [
      event(id),
      event(id, { metric: 'storage' }),
      event(id, { timestamp: '2026-02-01T15:00:00Z' }),
      event(randomUUID()),
      event(id),
    ];
    const { body } = await platform.post('/v1/usage', { events }).expect(200);
    expect(body.results.map(({ status, code }: { status: string; code?: string }) => code ?? status)).toEqual([
      'accepted',
      'metric_unknown',
      'usage_in_future',
      'subscription_not_found',
      'accepted',
    ]);
    expect(body.results.map(({ idempotencyKey }: { idempotencyKey: string }) => idempotencyKey)).toEqual(
      events.map((each) => each.idempotencyKey),
    );
    expect(body.results[1]).toMatchObject({
      detail: 'No price of the subscription meters storage. It meters calls.',
      hint: expect.stringContaining('GET /v1/plans/{id}'),
    });
  });

  it('refuses a list that is malformed as a whole, with every place, and counts nothing of it', async () => {
    const id = await aSubscription();
    const { body } = await platform
      .post('/v1/usage', { events: [event(id), event(id, { quantity: 'ten' }), event(id, { timestamp: 'now' })] })
      .expect(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/events/1/quantity', '/events/2/timestamp']);
    expect((await platform.get(`/v1/subscriptions/${id}/usage?metric=calls`)).body.data[0]).toMatchObject({ events: 0, quantity: '0' });
  });

  it.each<[string, (id: string) => object, string[]]>([
    ['nothing', () => ({}), ['/subscriptionId', '/metric', '/quantity', '/timestamp', '/idempotencyKey']],
    ['no events', () => ({ events: [] }), ['/events']],
    ['more than a thousand', (id) => ({ events: Array.from({ length: 1001 }, () => event(id)) }), ['/events']],
    ['no key', (id) => event(id, { idempotencyKey: undefined }), ['/idempotencyKey']],
    ['a number instead of a text', (id) => event(id, { quantity: 10 }), ['/quantity']],
    ['an unknown field', (id) => event(id, { value: '10' }), ['/value']],
  ])('refuses %s', async (_name, body, pointers) => {
    const answer = await platform.post('/v1/usage', body(randomUUID())).expect(422);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(pointers.toSorted());
  });

  it('refuses one event beside several', async () => {
    const { body } = await platform.post('/v1/usage', { ...event(randomUUID()), events: [event(randomUUID())] }).expect(422);
    expect(body).toMatchObject({ code: 'usage_report_mixed', errors: [{ pointer: '/subscriptionId' }] });
  });

  it('takes a thousand events at once', async () => {
    const id = await aSubscription();
    const events = Array.from({ length: 1000 }, (_, index) => event(id, { quantity: '0.001', properties: { user: `user ${index % 10}` } }));
    const { body } = await platform.post('/v1/usage', { events }).expect(200);
    expect(new Set(body.results.map(({ status }: { status: string }) => status))).toEqual(new Set(['accepted']));
    expect((await platform.get(`/v1/subscriptions/${id}/usage`)).body.data).toMatchObject([
      { priceCode: 'calls', events: 1000, quantity: '1' },
      { priceCode: 'users', events: 1000, quantity: '10', amount: { amount: 1000, currency: 'USD' } },
    ]);
  });

  it('counts for a meter with a filter what has one of its texts, and accepts the rest', async () => {
    const code = `plan-${randomUUID()}`;
    const perRegion = (priceCode: string, filter?: object) => ({
      ...{ code: priceCode, kind: 'usage', model: 'perUnit', meter: { metric: 'calls', aggregation: 'sum', filter } },
      currencies: { USD: { unitAmount: '10' } },
    });
    await story.plan({
      code,
      prices: [perRegion('west', { region: ['eu', 'us'] }), perRegion('gold', { region: ['asia'], tier: ['gold'] })],
    });
    const id = await aSubscription({ planCode: code });
    const events = [{ region: 'eu' }, { region: 'us' }, { region: 'asia' }, { region: 'asia', tier: 'gold' }, {}].map((properties) =>
      event(id, { properties }),
    );
    const { body } = await platform.post('/v1/usage', { events }).expect(200);
    expect(body.results.map(({ status }: { status: string }) => status)).toEqual(events.map(() => 'accepted'));
    expect((await platform.get(`/v1/subscriptions/${id}/usage`)).body.data).toMatchObject([
      { priceCode: 'west', events: 2, quantity: '20', amount: { amount: 200 } },
      { priceCode: 'gold', events: 1, quantity: '10', amount: { amount: 100 } },
    ]);
  });

  it('refuses a property of 10,000 characters', async () => {
    const { body } = await platform.post('/v1/usage', event(randomUUID(), { properties: { user: 'x'.repeat(10_000) } })).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/properties/user', code: 'metadata_invalid' }]);
  });

  it('counts nothing of what was used after a cancellation', async () => {
    const id = await aSubscription();
    await platform.delete(`/v1/subscriptions/${id}`).expect(200);
    expect((await platform.post('/v1/usage', event(id)).expect(200)).body).toMatchObject({ status: 'refused', code: 'usage_after_end' });
  });
});

describe('GET /v1/subscriptions/{id}/usage', () => {
  it('shows nothing used as zero, with what is charged for that', async () => {
    const id = await aSubscription();
    expect((await platform.get(`/v1/subscriptions/${id}/usage?metric=calls`).expect(200)).body).toEqual({
      data: [
        expect.objectContaining({
          metric: 'calls',
          priceCode: 'calls',
          aggregation: 'sum',
          quantity: '0',
          events: 0,
          amount: expect.objectContaining({ amount: 0 }),
        }),
        expect.objectContaining({ priceCode: 'users', aggregation: 'unique', quantity: '0' }),
      ],
    });
  });

  it('is empty where nothing is metered', async () => {
    const id = await aSubscription({ planCode: 'pro' });
    expect((await platform.get(`/v1/subscriptions/${id}/usage`).expect(200)).body).toEqual({ data: [] });
  });

  it('shows the period with its amount so far, by tiers', async () => {
    const id = await aSubscription({ externalId: 'usage-1' });
    await platform.post('/v1/usage', event(id, { quantity: '150.5' })).expect(200);
    const { body } = await platform.get('/v1/subscriptions/ext:usage-1/usage?metric=calls').expect(200);
    expect(body.data[0]).toEqual({
      ...{ metric: 'calls', priceCode: 'calls', aggregation: 'sum', from: '2026-01-31T15:00:00.000Z', to: '2026-02-28T15:00:00.000Z' },
      ...{ events: 1, quantity: '150.5', amount: { amount: 25, currency: 'USD' } },
    });
  });

  it('shows hours and days, the oldest first', async () => {
    const id = await aSubscription();
    for (const [timestamp, quantity] of [
      ['2026-01-31T15:05:00Z', '2'],
      ['2026-01-31T15:00:00Z', '1'],
    ]) {
      await platform.post('/v1/usage', event(id, { timestamp, quantity })).expect(200);
    }
    const by = async (groupBy: string) =>
      (await platform.get(`/v1/subscriptions/${id}/usage?groupBy=${groupBy}`).expect(200)).body.data.filter(
        ({ priceCode }: { priceCode: string }) => priceCode === 'calls',
      );
    expect(await by('hour')).toMatchObject([
      { from: '2026-01-31T15:00:00.000Z', to: '2026-01-31T16:00:00.000Z', quantity: '3', amount: null },
    ]);
    expect(await by('day')).toMatchObject([{ from: '2026-01-31T05:00:00.000Z', to: '2026-02-01T05:00:00.000Z', quantity: '3' }]);
  });

  it.each([
    ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'usage_range_invalid'],
    ['from=2025-01-01T00:00:00Z&groupBy=hour', 'usage_range_invalid'],
    ['from=yesterday', 'validation_failed'],
    ['groupBy=week', 'validation_failed'],
  ])('refuses ?%s', async (query, code) => {
    const id = await aSubscription();
    expect((await platform.get(`/v1/subscriptions/${id}/usage?${query}`).expect(422)).body.code).toBe(code);
  });

  it('is not there for a subscription that is not there', async () => {
    expect((await platform.get(`/v1/subscriptions/${randomUUID()}/usage`).expect(404)).body.code).toBe('subscription_not_found');
  });

  it('is the same in GraphQL', async () => {
    const id = await aSubscription();
    await platform.post('/v1/usage', event(id, { quantity: '120' })).expect(200);
    const rest = (await platform.get(`/v1/subscriptions/${id}/usage`).expect(200)).body.data;
    const fields = 'metric priceCode aggregation from to events quantity amount { amount currency }';
    const { body } = await platform.graphql(
      `query ($id: ID!) { subscription(id: $id) { usage { ${fields} } byHour: usage(groupBy: hour, metric: "calls") { quantity amount { amount } } } }`,
      { id },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data.subscription.usage).toEqual(
      rest.map((each: { amount: { amount: number } }) => ({ ...each, amount: { ...each.amount, amount: String(each.amount.amount) } })),
    );
    expect(body.data.subscription.byHour).toContainEqual({ quantity: '120', amount: null });
  });
});
