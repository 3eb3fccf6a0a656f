import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let ada: { id: string };
let bob: { id: string };
let number: string;
let invoiceId: string;
beforeAll(async () => {
  platform = await startPlatform();
  const story = new Story(platform);
  await story.plan();
  ada = await story.account();
  bob = await story.account({ name: 'Bob', email: 'bob@example.com' });
  const { id, latestInvoiceId } = await story.subscription(ada.id);
  invoiceId = latestInvoiceId;
  const ofBob = await story.subscription(bob.id);
  await platform.settle();
  number = (await story.invoices(id))[0]!.number;
  await platform.delete(`/v1/subscriptions/${ofBob.id}`).expect(200);
});
afterAll(() => platform.stop());

async function nodes(query: string, variables: object = {}): Promise<Record<string, unknown>[]> {
  const { body } = await platform.graphql(query, variables).expect(200);
  expect(body.errors).toBeUndefined();
  const [list] = Object.values(body.data) as { edges: { node: Record<string, unknown> }[] }[];
  return list!.edges.map(({ node }) => node);
}

describe('An invoice', () => {
  it('is found by its number', async () => {
    const { body } = await platform.get(`/v1/invoices?number=${number}`).expect(200);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([invoiceId]);
    expect((await platform.get('/v1/invoices?number=INV-1999-000001').expect(200)).body.data).toEqual([]);
    const query = 'query ($number: String) { invoices(number: $number) { edges { node { id } } } }';
    expect(await nodes(query, { number })).toEqual([{ id: invoiceId }]);
  });
});

describe('A list in GraphQL', () => {
  it.each(['subscriptions', 'invoices', 'payments'])('is narrowed to an account: %s', async (list) => {
    const query = `query ($id: ID) { ${list}(accountId: $id) { edges { node { accountId } } } }`;
    for (const { id } of [ada, bob]) {
      const found = await nodes(query, { id });
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ accountId }) => accountId === id)).toBe(true);
    }
  });

  it('is narrowed to a status, one of those there are', async () => {
    const query = 'query ($status: SubscriptionStatus) { subscriptions(status: $status) { edges { node { accountId status } } } }';
    expect(await nodes(query, { status: 'canceled' })).toEqual([{ accountId: bob.id, status: 'canceled' }]);
    expect(await nodes(query, { status: 'active' })).toEqual([{ accountId: ada.id, status: 'active' }]);
    expect((await nodes(query, { status: null })).length).toBe(2);
    expect((await nodes('{ invoices(status: paid) { edges { node { id } } } }')).length).toBeGreaterThan(0);
    expect((await nodes('{ accounts(status: BLOCKED) { edges { node { id } } } }')).length).toBe(0);
    const { body } = await platform.graphql('{ subscriptions(status: runing) { edges { node { id } } } }').expect(400);
    expect(body.errors[0].extensions.code).toBe('graphql_invalid');
  });
});

describe('The same Idempotency-Key', () => {
  it('on another route is refused, and has no second effect', async () => {
    const key = 'one-key-for-two';
    await platform.post('/v1/accounts', { email: 'eve@example.com', name: 'Eve', currency: 'USD' }).set('Idempotency-Key', key).expect(201);
    const count = async () => (await platform.get(`/v1/subscriptions?accountId=${ada.id}`).expect(200)).body.data.length;
    const before = await count();
    const { body } = await platform
      .post('/v1/subscriptions', { accountId: ada.id, planCode: 'pro' })
      .set('Idempotency-Key', key)
      .expect(422);
    expect(body.code).toBe('idempotency_key_reused');
    expect(await count()).toBe(before);
  });
});

describe('Metadata under names that every object has', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'amount', 'currency'];
  const metadata = `{${names.map((name) => `"${name}":"of ${name}"`).join()}}`;
  const body = `{"email":"m@example.com","name":"M","currency":"USD","metadata":${metadata}}` as unknown as object;

  it('is kept and shown like any other, in REST and GraphQL and in a repeated answer', async () => {
    const post = () => platform.post('/v1/accounts', body).set('Content-Type', 'application/json').set('Idempotency-Key', 'metadata');
    const first = await post().expect(201);
    expect(first.text).toContain(`"metadata":${metadata}`);
    expect((await post().expect(201)).text).toBe(first.text);
    expect((await platform.get(`/v1/accounts/${first.body.id}`).expect(200)).text).toContain(`"metadata":${metadata}`);
    const query = 'query ($id: ID!) { account(id: $id) { metadata { key value } } }';
    const answer = await platform.graphql(query, { id: first.body.id }).expect(200);
    expect(answer.body.data.account.metadata).toEqual(names.map((key) => ({ key, value: `of ${key}` })));
  });
});
