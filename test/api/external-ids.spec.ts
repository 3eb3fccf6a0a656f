import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
});
afterAll(() => platform.stop());

let made = 0;
const another = () => `crm/${++made}`;
const ada = { email: 'ada@example.com', name: 'Ada', currency: 'USD' };
const at = (externalId: string) => `ext:${encodeURIComponent(externalId)}`;

describe('An external id of an account', () => {
  it('leads to it wherever an address takes an id', async () => {
    const externalId = another();
    const { id } = await story.account({ externalId });
    const path = `/v1/accounts/${at(externalId)}`;
    expect((await platform.get(path).expect(200)).body).toMatchObject({ id, externalId });
    expect((await platform.patch(path, { name: 'Ada L.' }).expect(200)).body).toMatchObject({ id, name: 'Ada L.' });
    expect((await platform.get(`${path}/payment-methods`).expect(200)).body.data).toHaveLength(1);
    expect((await platform.post(`${path}/payment-methods`, { token: 'pm_card_mastercard' }).expect(201)).headers.location).toContain(id);
    expect((await platform.delete(path).expect(200)).body).toMatchObject({ id, status: 'CLOSED' });
    const unknown = await platform.get(`/v1/accounts/${at('nobody')}`).expect(404);
    expect(unknown.body).toMatchObject({ code: 'account_not_found', detail: 'There is no account ext:nobody.' });
    expect((await platform.get('/v1/accounts/ext:').expect(422)).body.errors).toMatchObject([
      { in: 'path', pointer: '/id', code: 'id_invalid' },
    ]);
  });

  it('finds it in lists, in REST and GraphQL', async () => {
    const externalId = another();
    const { id } = await story.account({ externalId });
    const { body } = await platform.get(`/v1/accounts?externalId=${encodeURIComponent(externalId)}`).expect(200);
    expect(body.data.map((account: { id: string }) => account.id)).toEqual([id]);
    const query = 'query ($externalId: String) { accounts(externalId: $externalId) { edges { node { id externalId } } } }';
    const answer = await platform.graphql(query, { externalId }).expect(200);
    expect(answer.body.data.accounts.edges).toEqual([{ node: { id, externalId } }]);
  });

  it('belongs to one, also where many ask at once and their accounts lie in different buckets', async () => {
    const externalId = another();
    const answers = await Promise.all(Array.from({ length: 8 }, () => platform.post('/v1/accounts', { ...ada, externalId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({ code: 'external_id_taken', errors: [{ pointer: '/externalId' }] });
    const { body } = await platform.get(`/v1/accounts?externalId=${encodeURIComponent(externalId)}`).expect(200);
    expect(body.data).toHaveLength(1);
  });

  it('is free again when what asked for it was refused', async () => {
    const externalId = another();
    const refused = { ...ada, externalId, paymentMethod: { token: 'pm_card_visa' }, testClockId: '0190f0c8-1111-7000-8000-00000000002a' };
    await platform.post('/v1/accounts', refused).expect(404);
    await platform.post('/v1/accounts', { ...ada, externalId }).expect(201);
  });

  it('is the same in a repeated request, and may be sent again as it is', async () => {
    const externalId = another();
    const post = () => platform.post('/v1/accounts', { ...ada, externalId }).set('Idempotency-Key', externalId);
    const first = await post().expect(201);
    expect((await post().expect(201)).text).toBe(first.text);
    await platform.patch(`/v1/accounts/${first.body.id}`, { externalId }).expect(200);
  });

  it('can be given later, once, and is not changed then', async () => {
    const { id } = await story.account();
    const externalId = another();
    expect((await platform.get(`/v1/accounts/${id}`).expect(200)).body.externalId).toBeNull();
    expect((await platform.patch(`/v1/accounts/${id}`, { externalId }).expect(200)).body.externalId).toBe(externalId);
    const { body } = await platform.patch(`/v1/accounts/${id}`, { externalId: another() }).expect(422);
    expect(body).toMatchObject({ code: 'external_id_fixed', errors: [{ pointer: '/externalId' }] });
  });

  it.each([[''], ['a b'], ['é'], ['x'.repeat(201)], [7], [null]])('is a plain name: %j is none', async (externalId) => {
    await platform.post('/v1/accounts', { ...ada, externalId }).expect(422);
  });

  it('is kept by its hash only where names of all accounts meet', async () => {
    const externalId = another();
    await story.account({ externalId });
    const [row] = await platform.database.query<{ found: string }>(
      `select count(*)::text as found from es.unique_name as t where t::text like '%' || $1 || '%'`,
      [externalId],
    );
    expect(row).toEqual({ found: '0' });
  });
});

describe('An external id of a subscription', () => {
  it('leads to it, finds it, and is of another kind than that of an account', async () => {
    const externalId = another();
    const account = await story.account({ externalId });
    const { id } = await story.subscription(account.id, { externalId });
    const path = `/v1/subscriptions/${at(externalId)}`;
    expect((await platform.get(path).expect(200)).body).toMatchObject({ id, externalId });
    const { body } = await platform.get(`/v1/subscriptions?externalId=${encodeURIComponent(externalId)}`).expect(200);
    expect(body.data.map((each: { id: string }) => each.id)).toEqual([id]);
    const query = 'query ($externalId: String) { subscriptions(externalId: $externalId) { edges { node { id externalId } } } }';
    expect((await platform.graphql(query, { externalId })).body.data.subscriptions.edges).toEqual([{ node: { id, externalId } }]);
    const second = await platform.post('/v1/subscriptions', { accountId: account.id, planCode: 'pro', externalId }).expect(409);
    expect(second.body.code).toBe('external_id_taken');
    expect((await platform.delete(path).expect(200)).body).toMatchObject({ id, status: 'canceled' });
    expect((await platform.get(`/v1/subscriptions/${at('nobody')}`).expect(404)).body.code).toBe('subscription_not_found');
  });
});
