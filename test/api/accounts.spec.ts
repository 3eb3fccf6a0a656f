import { randomUUID } from 'node:crypto';
import type { Response } from 'supertest';
import { startPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const ada = { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD' };
const visa = { type: 'card', brand: 'visa', last4: '4242', isDefault: true };

async function eventsOf(accountId: string): Promise<{ event_type: string; payload: Record<string, unknown> }[]> {
  return platform.database.query('select event_type, payload from es.event where stream_id = $1 order by version', [accountId]);
}

async function countAccounts(): Promise<number> {
  const [row] = await platform.database.query<{ count: string }>('select count(*) from accounts.account_details');
  return Number(row!.count);
}

async function created(body: object = {}): Promise<{ id: string; etag: string }> {
  const { body: account, headers } = await platform.post('/v1/accounts', { ...ada, ...body }).expect(201);
  return { id: account.id, etag: headers.etag! };
}

describe('US1: creating an account', () => {
  it('takes three fields, and answers with all', async () => {
    const { body, headers } = await platform.post('/v1/accounts', ada).expect(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...ada,
      timeZone: 'UTC',
      locale: null,
      country: null,
      region: null,
      taxIds: [],
      taxExempt: false,
      externalId: null,
      metadata: {},
      status: 'ACTIVE',
      balance: { amount: 0, currency: 'USD' },
      defaultPaymentMethodId: null,
      paymentMethods: [],
      testClockId: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      closedAt: null,
      erasedAt: null,
      hold: null,
      address: null,
    });
    expect(headers).toMatchObject({ etag: '"1"', location: `/v1/accounts/${body.id}` });
    const read = await platform.get(`/v1/accounts/${body.id}`).expect(200);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
    expect((await eventsOf(body.id)).map(({ event_type }) => event_type)).toEqual(['AccountCreated']);
  });

  it('with a card is one call, and shows no more of it than the customer knows it by', async () => {
    const { body, headers } = await platform.post('/v1/accounts', { ...ada, paymentMethod: { token: 'pm_card_visa' } }).expect(201);
    expect(body.paymentMethods).toEqual([
      { id: expect.any(String), ...visa, expMonth: expect.any(Number), expYear: expect.any(Number), createdAt: body.createdAt },
    ]);
    expect(body.defaultPaymentMethodId).toBe(body.paymentMethods[0].id);
    expect(headers.etag).toBe('"2"');
    expect(JSON.stringify(body)).not.toMatch(/cus_|pm_/);
    expect((await platform.get(`/v1/accounts/${body.id}`)).body).toEqual(body);
    const [, added] = await eventsOf(body.id);
    expect(added).toMatchObject({
      event_type: 'PaymentMethodAdded',
      payload: { isDefault: true, gateway: { customerId: expect.stringMatching(/^cus_/) } },
    });
  });

  it('takes everything that can be said of it, in its usual spelling', async () => {
    const given = {
      timeZone: 'europe/berlin',
      locale: 'de-de',
      country: 'DE',
      region: 'BE',
      taxIds: [{ type: 'eu_vat', value: 'DE136695976' }],
      taxExempt: true,
      metadata: { crm: '4711', amount: 'a lot', currency: 'of it' },
    };
    const { body } = await platform.post('/v1/accounts', { ...ada, ...given }).expect(201);
    expect(body).toMatchObject({ ...given, timeZone: 'Europe/Berlin', locale: 'de-DE' });
    expect((await platform.patch(`/v1/accounts/${body.id}`, { region: null }).expect(200)).body).toMatchObject({
      metadata: given.metadata,
      region: null,
    });
  });

  it('guesses the time zone from the country', async () => {
    const { body } = await platform.post('/v1/accounts', { ...ada, country: 'JP' }).expect(201);
    expect(body.timeZone).toBe('Asia/Tokyo');
  });

  it('lets the same e-mail have two accounts', async () => {
    expect((await created()).id).not.toBe((await created()).id);
  });

  it('sent fifty times at once with one key makes one account, one customer and one answer', async () => {
    const key = randomUUID();
    const before = await countAccounts();
    const email = `${key}@example.com`;
    const send = () =>
      platform
        .post('/v1/accounts', { ...ada, email, paymentMethod: { token: 'pm_card_visa' } })
        .set('Idempotency-Key', key)
        .expect(201);
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(49);
    expect(new Set(answers.map(({ headers }) => headers.etag))).toEqual(new Set(['"2"']));
    expect(await countAccounts()).toBe(before + 1);
    expect((await platform.get(`/v1/accounts?email=${email}`)).body.data).toHaveLength(1);
    const customers = await fetch(`${platform.simulator.url}/v1/customers?limit=100`, {
      headers: { Authorization: 'Bearer sk_test_specs' },
    });
    const { data } = (await customers.json()) as { data: { metadata: { accountId?: string } }[] };
    expect(data.filter(({ metadata }) => metadata.accountId === answers[0]!.body.id)).toHaveLength(1);
  });

  it('refuses another request under the same key', async () => {
    const key = randomUUID();
    await platform.post('/v1/accounts', ada).set('Idempotency-Key', key).expect(201);
    const { body } = await platform
      .post('/v1/accounts', { ...ada, name: 'Somebody Else' })
      .set('Idempotency-Key', key)
      .expect(422);
    expect(body.code).toBe('idempotency_key_reused');
  });

  it('stores nothing when the gateway refuses the card, and takes the next card under the same key', async () => {
    const before = await countAccounts();
    const key = randomUUID();
    const send = (token: string) => platform.post('/v1/accounts', { ...ada, paymentMethod: { token } }).set('Idempotency-Key', key);
    const { body } = await send('pm_card_nobody_has').expect(422);
    expect(body).toMatchObject({ code: 'payment_method_refused', errors: [{ pointer: '/paymentMethod/token' }] });
    expect(await countAccounts()).toBe(before);
    await send('pm_card_visa').expect(201);
    expect(await countAccounts()).toBe(before + 1);
  });

  it.each([
    ['a missing name', { name: undefined }, '/name', 'required'],
    ['an empty name', { name: ' ' }, '/name', 'text_blank'],
    ['an e-mail that is none', { email: 'ada' }, '/email', 'email_invalid'],
    ['an unknown currency', { currency: 'usd' }, '/currency', 'currency_unknown'],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, '/timeZone', 'time_zone_unknown'],
    ['a country in lower case', { country: 'us' }, '/country', 'country_unknown'],
    ['a name of two lines', { name: 'Ada\nLovelace' }, '/name', 'text_character'],
    ['an unknown country', { country: 'XX' }, '/country', 'country_unknown'],
    ['an unknown locale', { locale: 'klingon_1' }, '/locale', 'locale_unknown'],
    ['a tax id without a value', { taxIds: [{ type: 'eu_vat' }] }, '/taxIds/0/value', 'required'],
    ['metadata that is no text', { metadata: { a: 1 } }, '/metadata/a', 'metadata_invalid'],
    ['a payment method without a token', { paymentMethod: {} }, '/paymentMethod/token', 'required'],
    ['a list for a payment method', { paymentMethod: [] }, '/paymentMethod', 'object_invalid'],
    ['a test clock whose id is none', { testClockId: '7' }, '/testClockId', 'id_invalid'],
    ['a field that there is not', { plan: 'pro' }, '/plan', 'unknown_field'],
  ])('refuses %s and stores nothing', async (_, wrong, pointer, code) => {
    const before = await countAccounts();
    const { body } = await platform.post('/v1/accounts', { ...ada, ...wrong }).expect(422);
    expect(body).toMatchObject({ code: 'validation_failed', hint: expect.any(String) });
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer, code }));
    expect(await countAccounts()).toBe(before);
  });

  it('refuses a test clock that there is not', async () => {
    const { body } = await platform.post('/v1/accounts', { ...ada, testClockId: randomUUID() }).expect(404);
    expect(body).toMatchObject({ code: 'test_clock_not_found', errors: [{ pointer: '/testClockId' }] });
  });

  it('on a test clock happens at its time', async () => {
    const clock = await platform.post('/v1/test-clocks', { now: '2026-01-31T15:00:00Z' }).expect(201);
    const { body } = await platform.post('/v1/accounts', { ...ada, testClockId: clock.body.id }).expect(201);
    expect(body).toMatchObject({ testClockId: clock.body.id, createdAt: '2026-01-31T15:00:00.000Z' });
    const { body: list } = await platform.get(`/v1/accounts?testClockId=${clock.body.id}`).expect(200);
    expect(list.data).toEqual([body]);
  });
});

describe('The documentation', () => {
  it('has every operation on accounts and their payment methods, with its answers and its problems', async () => {
    const { body } = await platform.get('/docs/openapi.json').expect(200);
    const one = '/v1/accounts/{id}';
    const documented = Object.entries<Record<string, { summary?: string; responses: object }>>(body.paths)
      .filter(([path]) => path.startsWith('/v1/accounts'))
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(
          ([method, { summary, responses }]) => [path, method, Boolean(summary), Object.keys(responses)] as const,
        ),
      )
      .filter(([path]) => ['/v1/accounts', one].includes(path) || path.startsWith(`${one}/payment-methods`));
    expect(new Map(documented.map(([path, method, ...rest]) => [`${method} ${path}`, rest]))).toEqual(
      new Map([
        ['post /v1/accounts', [true, expect.arrayContaining(['201', '401', '404', '409', '422'])]],
        ['get /v1/accounts', [true, expect.arrayContaining(['200', '401', '422'])]],
        [`get ${one}`, [true, expect.arrayContaining(['200', '404', '422'])]],
        [`patch ${one}`, [true, expect.arrayContaining(['200', '404', '409', '412', '422'])]],
        [`delete ${one}`, [true, expect.arrayContaining(['200', '404', '409', '412'])]],
        [`post ${one}/payment-methods`, [true, expect.arrayContaining(['201', '404', '409', '422'])]],
        [`get ${one}/payment-methods`, [true, expect.arrayContaining(['200', '404', '422'])]],
        [`post ${one}/payment-methods/{paymentMethodId}/default`, [true, expect.arrayContaining(['200', '404', '409', '412'])]],
        [`delete ${one}/payment-methods/{paymentMethodId}`, [true, expect.arrayContaining(['204', '404', '409', '412'])]],
      ]),
    );
  });
});

describe('Reading accounts', () => {
  it('refuses an id that is none, and one that there is not', async () => {
    const none = await platform.get('/v1/accounts/7').expect(422);
    expect(none.body.errors).toEqual([{ pointer: '/id', code: 'id_invalid', detail: expect.any(String), in: 'path' }]);
    expect((await platform.get(`/v1/accounts/${randomUUID()}`).expect(404)).body.code).toBe('account_not_found');
  });

  it('goes through all pages of a list, newest first, each account once', async () => {
    const email = `${randomUUID()}@example.com`;
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await created({ email })).id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Response = await platform
        .get(`/v1/accounts?email=${email.toUpperCase()}&limit=2${cursor && `&cursor=${cursor}`}`)
        .expect(200);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(ids.reverse());
  });

  it('refuses a cursor of another list', async () => {
    for (let count = 0; count < 2; count += 1) await created();
    const { body } = await platform.get('/v1/accounts?limit=1').expect(200);
    const refused = await platform.get(`/v1/accounts?limit=1&email=ada@example.com&cursor=${body.nextCursor}`).expect(422);
    expect(refused.body.code).toBe('cursor_invalid');
  });
});

describe('Changing an account', () => {
  it('changes what is given, and answers with the new ETag', async () => {
    const { id, etag } = await created({ country: 'US' });
    const { body, headers } = await platform
      .patch(`/v1/accounts/${id}`, { name: 'Ada King', country: null, taxExempt: true })
      .set('If-Match', etag)
      .expect(200);
    expect(body).toMatchObject({ name: 'Ada King', country: null, taxExempt: true, email: ada.email, timeZone: 'America/New_York' });
    expect(headers.etag).toBe('"2"');
    expect((await eventsOf(id))[1]).toMatchObject({
      event_type: 'AccountChanged',
      payload: { changes: { name: expect.stringMatching(/^1\./), country: null, taxExempt: true } },
    });
  });

  it('takes metadata in the form of money, and shows it as it is', async () => {
    const { id } = await created({ metadata: { amount: '5', currency: 'USD' } });
    const { body } = await platform.patch(`/v1/accounts/${id}`, { name: 'Ada King' }).expect(200);
    expect(body.metadata).toEqual({ amount: '5', currency: 'USD' });
    const { body: shown } = await platform.graphql('query ($id: ID!) { account(id: $id) { metadata { key value } } }', { id }).expect(200);
    expect(shown.data.account.metadata).toEqual([
      { key: 'amount', value: '5' },
      { key: 'currency', value: 'USD' },
    ]);
  });

  it('to what it is already keeps the ETag', async () => {
    const { id } = await created();
    const { headers } = await platform.patch(`/v1/accounts/${id}`, { name: ada.name, currency: 'USD' }).expect(200);
    expect(headers.etag).toBe('"1"');
  });

  it('is refused when the account has changed since it was read', async () => {
    const { id, etag } = await created();
    await platform.patch(`/v1/accounts/${id}`, { name: 'Ada King' }).expect(200);
    const { body } = await platform.patch(`/v1/accounts/${id}`, { name: 'Ada Byron' }).set('If-Match', etag).expect(412);
    expect(body.code).toBe('version_conflict');
    expect((await platform.get(`/v1/accounts/${id}`)).body.name).toBe('Ada King');
  });

  it('never changes the currency', async () => {
    const { id } = await created();
    const { body } = await platform.patch(`/v1/accounts/${id}`, { currency: 'EUR' }).expect(422);
    expect(body).toMatchObject({ code: 'currency_fixed', errors: [{ pointer: '/currency' }] });
  });

  it('is refused for an account that there is not', async () => {
    expect((await platform.patch(`/v1/accounts/${randomUUID()}`, { name: 'Ada' }).expect(404)).body.code).toBe('account_not_found');
  });

  it('with a key is done once', async () => {
    const { id } = await created();
    const change = () => platform.patch(`/v1/accounts/${id}`, { name: 'Ada King' }).set('Idempotency-Key', `change-${id}`).expect(200);
    const [first, second] = [await change(), await change()];
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.headers.etag).toBe('"2"');
  });
});

describe('Closing an account', () => {
  it('takes it off the list and off changes, and leaves it to be read', async () => {
    const email = `${randomUUID()}@example.com`;
    const { id } = await created({ email });
    const { body } = await platform.delete(`/v1/accounts/${id}`).expect(200);
    expect(body).toMatchObject({ id, status: 'CLOSED', closedAt: expect.any(String) });
    expect((await platform.get(`/v1/accounts/${id}`).expect(200)).body).toEqual(body);
    expect((await platform.get(`/v1/accounts?email=${email}`)).body.data).toEqual([]);
    expect((await platform.get(`/v1/accounts?email=${email}&status=CLOSED`)).body.data).toEqual([body]);
    expect((await platform.patch(`/v1/accounts/${id}`, { name: 'Ada' }).expect(409)).body.code).toBe('account_closed');
    expect((await platform.post(`/v1/accounts/${id}/payment-methods`, { token: 'pm_card_visa' }).expect(409)).body.code).toBe(
      'account_closed',
    );
  });

  it('a second time changes nothing', async () => {
    const { id } = await created();
    const first = await platform.delete(`/v1/accounts/${id}`).expect(200);
    const second = await platform.delete(`/v1/accounts/${id}`).expect(200);
    expect(second.body).toEqual(first.body);
    expect(await eventsOf(id)).toHaveLength(2);
  });
});
