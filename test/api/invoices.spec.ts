import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { walked } from '../support/pages.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

interface ShownInvoice {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly issuedAt: string;
}

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const base = { code: 'base', model: 'flat', currencies: { USD: { amount: 2900 }, JPY: { amount: 3000 } } };
  const seats = { code: 'seats', model: 'perUnit', currencies: { USD: { unitAmount: '900.25' }, JPY: { unitAmount: '1000' } } };
  await story.plan();
  await story.plan({ code: 'team', prices: [base, seats] });
  await story.plan({ code: 'free', prices: [{ code: 'base', model: 'flat', currencies: { USD: { amount: 0 } } }] });
});
afterAll(() => platform.stop());

const one = (id: string) => `/v1/invoices/${id}`;
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('US5: an invoice', () => {
  it('shows everything that was charged, and can be read at once', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const account = await story.account({ testClockId: clock, paymentMethod: undefined });
    const subscription = await story.subscription(account.id, { planCode: 'team', quantity: 3 });
    const { body, headers } = await platform.get(one(subscription.latestInvoiceId)).expect(200);
    const line = {
      ...{ id: expect.any(String), kind: 'recurring', proration: null, taxes: [], discounts: [], reversesLineId: null },
      ...{ subscriptionId: subscription.id, planVersion: 1 },
      period: { start: '2026-01-31T15:00:00.000Z', end: '2026-02-28T15:00:00.000Z' },
    };
    expect(body).toEqual({
      ...{ id: subscription.latestInvoiceId, number: expect.stringMatching(/^TEST-[0-9A-F]{12}-2026-000001$/), status: 'open' },
      ...{ kind: 'period', cause: 'period/1', billTo: { accountId: account.id, particularsVersion: 1 }, taxes: [], currency: 'USD' },
      ...{ accountId: account.id, subscriptionId: subscription.id, supplements: null, corrects: null },
      createdAt: '2026-01-31T15:00:00.000Z',
      ...{
        subtotal: usd(5601),
        discount: usd(0),
        tax: usd(0),
        total: usd(5601),
        creditApplied: usd(0),
        amountDue: usd(5601),
        amountPaid: usd(0),
      },
      ...{ issuedAt: '2026-01-31T15:00:00.000Z', dueAt: '2026-02-14T15:00:00.000Z', paidAt: null },
      lines: [
        {
          ...line,
          description: 'Pro – base',
          priceCode: 'base',
          quantity: '1',
          unitAmount: '2900',
          exactAmount: '2900',
          amount: usd(2900),
        },
        {
          ...line,
          description: 'Pro – seats',
          priceCode: 'seats',
          quantity: '3',
          unitAmount: '900.25',
          exactAmount: '2700.75',
          amount: usd(2701),
        },
      ],
    });
    expect(headers.etag).toBe('"2"');
  });

  it('is paid when its payment has come in, with the next ETag', async () => {
    const account = await story.account();
    const { latestInvoiceId } = await story.subscription(account.id);
    await platform.settle();
    const { body, headers } = await platform.get(one(latestInvoiceId)).expect(200);
    expect(body).toMatchObject({ status: 'paid', total: usd(2900), amountDue: usd(0), amountPaid: usd(2900), paidAt: expect.any(String) });
    expect(headers.etag).toBe('"3"');
  });

  it('of nothing is paid at once, without a payment', async () => {
    const account = await story.account();
    const { latestInvoiceId } = await story.subscription(account.id, { planCode: 'free' });
    const { body } = await platform.get(one(latestInvoiceId)).expect(200);
    expect(body).toMatchObject({ status: 'paid', total: usd(0), amountPaid: usd(0), lines: [{ amount: usd(0) }] });
    await platform.settle();
    expect((await platform.get(`/v1/payments?accountId=${account.id}`)).body.data).toEqual([]);
  });

  it('is in the currency of its account, down to the smallest unit that this has', async () => {
    const account = await story.account({ currency: 'JPY' });
    const { latestInvoiceId } = await story.subscription(account.id, { planCode: 'team', quantity: 2 });
    const { body } = await platform.get(one(latestInvoiceId)).expect(200);
    expect(body).toMatchObject({ currency: 'JPY', total: { amount: 5000, currency: 'JPY' }, tax: { amount: 0, currency: 'JPY' } });
  });

  it('gets its number without gaps, also where starts are refused in between and many come at once', async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => story.account()));
    await Promise.all(
      accounts.flatMap(({ id }) => [
        platform.post('/v1/subscriptions', { accountId: id, planCode: 'pro' }).expect(201),
        platform.post('/v1/subscriptions', { accountId: id, planCode: 'none' }).expect(404),
      ]),
    );
    const rows = await platform.database.query<{ number: string }>('select number from invoicing.invoice_details order by number');
    const bySeries = Map.groupBy(rows, ({ number }) => number.slice(0, -7));
    for (const [series, invoices] of bySeries) {
      expect(invoices.map(({ number }) => number)).toEqual(invoices.map((_, index) => `${series}-${String(index + 1).padStart(6, '0')}`));
    }
  });
});

describe('US4: an invoice that a person writes', () => {
  const write = (body: object) => platform.post('/v1/invoices', body);
  const hours = { description: 'Consulting, hours', quantity: '7.5', unitAmount: '12000' };

  it('is issued at once and paid like any other', async () => {
    const account = await story.account();
    const { body, headers } = await write({ accountId: account.id, lines: [hours, { description: 'Travel', amount: 4200 }] }).expect(201);
    expect(headers.location).toBe(one(body.id));
    expect(body).toMatchObject({ kind: 'oneOff', status: 'open', subscriptionId: null, total: usd(94_200), amountDue: usd(94_200) });
    expect(body.lines).toMatchObject([
      {
        description: 'Consulting, hours',
        quantity: '7.5',
        unitAmount: '12000',
        amount: usd(90_000),
        priceCode: null,
        subscriptionId: null,
      },
      { description: 'Travel', quantity: '1', unitAmount: '4200', amount: usd(4200) },
    ]);
    await platform.settle();
    expect((await platform.get(one(body.id))).body).toMatchObject({ status: 'paid', amountPaid: usd(94_200) });
  });

  it('waits as a draft, without number and payment, until it is issued', async () => {
    const account = await story.account();
    const { body: draft } = await write({ accountId: account.id, lines: [hours], draft: true }).expect(201);
    expect(draft).toMatchObject({ status: 'draft', number: null, issuedAt: null, total: usd(90_000) });
    await platform.settle();
    expect((await platform.get(`/v1/payments?accountId=${account.id}`)).body.data).toEqual([]);
    const { body: issued } = await platform.post(`${one(draft.id)}/issue`).expect(200);
    expect(issued).toMatchObject({ status: 'open', number: expect.stringMatching(/^INV-\d{4}-\d{6}$/), issuedAt: expect.any(String) });
    expect((await platform.post(`${one(draft.id)}/issue`).expect(409)).body.code).toBe('invoice_not_draft');
    await platform.settle();
    expect((await platform.get(one(draft.id))).body.status).toBe('paid');
  });

  it('is made once under one key', async () => {
    const account = await story.account();
    const send = () =>
      write({ accountId: account.id, lines: [hours] })
        .set('Idempotency-Key', 'one-off-1')
        .expect(201);
    const [first, second] = [await send(), await send()];
    expect(second.body).toEqual(first.body);
    expect((await platform.get(`/v1/invoices?accountId=${account.id}&kind=oneOff`)).body.data).toHaveLength(1);
  });

  it.each([
    ['without a line', { lines: [] }, 'validation_failed'],
    ['whose line has no price', { lines: [{ description: 'x' }] }, 'line_price_missing'],
    ['whose line has two prices', { lines: [{ ...hours, amount: 5 }] }, 'line_price_missing'],
    ['for nothing of something', { lines: [{ ...hours, quantity: '0' }] }, 'validation_failed'],
    ['that was due yesterday', { lines: [hours], dueAt: '2020-01-01T00:00:00Z' }, 'due_at_in_past'],
  ])('is refused %s', async (_, given, code) => {
    const account = await story.account();
    expect((await write({ accountId: account.id, ...given }).expect(422)).body.code).toBe(code);
  });

  it('is refused for a closed account', async () => {
    const account = await story.account();
    await platform.delete(`/v1/accounts/${account.id}`).expect(200);
    expect((await write({ accountId: account.id, lines: [hours] }).expect(409)).body.code).toBe('account_closed');
  });
});

describe('Reading invoices', () => {
  it('refuses an id that is none, and one that there is not', async () => {
    const { body } = await platform.get(one('7')).expect(422);
    expect(body).toMatchObject({ code: 'validation_failed', hint: expect.any(String) });
    expect(body.errors).toEqual([{ pointer: '/id', code: 'id_invalid', detail: expect.any(String), in: 'path' }]);
    expect((await platform.get(one(randomUUID())).expect(404)).body).toMatchObject({ code: 'invoice_not_found', hint: expect.any(String) });
  });

  it('lists those of an account, of a subscription, of a status', async () => {
    const account = await story.account({ paymentMethod: undefined });
    const [first, second] = [await story.subscription(account.id), await story.subscription(account.id, { planCode: 'free' })];
    const ids = async (query: string) => (await walked(platform, `/v1/invoices?${query}`, 100)).map(({ id }) => id);
    expect(await ids(`accountId=${account.id}`)).toEqual([second.latestInvoiceId, first.latestInvoiceId]);
    expect(await ids(`subscriptionId=${first.id}`)).toEqual([first.latestInvoiceId]);
    expect(await ids(`accountId=${account.id}&status=paid`)).toEqual([second.latestInvoiceId]);
    expect(await ids(`accountId=${account.id}&subscriptionId=${second.id}&status=open`)).toEqual([]);
    expect(await ids('status=open')).toContain(first.latestInvoiceId);
    expect(await ids('status=open')).not.toContain(second.latestInvoiceId);
  });

  it.each([
    ['accountId=7', '/accountId', 'id_invalid'],
    ['subscriptionId=7', '/subscriptionId', 'id_invalid'],
    ['status=overdue', '/status', 'choice_unknown'],
    ['numbers=INV-2026-000001', '/numbers', 'unknown_field'],
  ])('refuses the filter %s', async (query, pointer, code) => {
    const { body } = await platform.get(`/v1/invoices?${query}`).expect(422);
    expect(body.errors).toMatchObject([{ pointer, code, in: 'query' }]);
  });

  it.each(['limit=0', 'limit=101', 'cursor=nonsense'])('refuses %s', async (query) => {
    const { body } = await platform.get(`/v1/invoices?${query}`).expect(422);
    expect(body).toMatchObject({ code: query.startsWith('limit') ? 'limit_invalid' : 'cursor_invalid', hint: expect.any(String) });
  });

  it('shows the whole list, newest first, whatever the size of the pages, also where many are of one moment', async () => {
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const account = await story.account({ testClockId: clock });
    for (let count = 0; count < 3; count += 1) await story.subscription(account.id);
    await story.advance(clock, '2026-03-31T15:00:00Z');
    const path = `/v1/invoices?accountId=${account.id}`;
    const whole = (await platform.get(`${path}&limit=100`).expect(200)).body.data as ShownInvoice[];
    expect(whole).toHaveLength(9);
    expect(new Set(whole.map(({ issuedAt }) => issuedAt)).size).toBe(3);
    const order = whole.map(({ issuedAt, id }) => issuedAt + id);
    expect(order).toEqual([...order].sort().reverse());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (limit) => {
        expect(await walked(platform, path, limit)).toEqual(whole);
      }),
      { numRuns: 12 },
    );
  });

  it('refuses the cursor of a list with other filters', async () => {
    const { body } = await platform.get('/v1/invoices?limit=1').expect(200);
    expect((await platform.get(`/v1/invoices?limit=1&status=paid&cursor=${body.nextCursor}`).expect(422)).body.code).toBe('cursor_invalid');
  });
});

describe('The documentation', () => {
  it('has every operation on invoices, with its answers and its problems', async () => {
    const { body } = await platform.get('/docs/openapi.json').expect(200);
    const { get: list } = body.paths['/v1/invoices'];
    const { get: read } = body.paths['/v1/invoices/{id}'];
    for (const operation of [list, read]) expect(operation.summary).toEqual(expect.any(String));
    expect(Object.keys(list.responses)).toEqual(expect.arrayContaining(['200', '401', '422']));
    expect(Object.keys(read.responses)).toEqual(expect.arrayContaining(['200', '401', '404', '422']));
    expect(Object.keys(list.responses['422'].content['application/problem+json'].examples)).toEqual(
      expect.arrayContaining(['cursor_invalid', 'limit_invalid', 'validation_failed']),
    );
    const { Invoice } = body.components.schemas;
    const shown = await platform.get('/v1/invoices?limit=1').expect(200);
    expect(Object.keys(Invoice.properties).sort()).toEqual(Object.keys(shown.body.data[0]).sort());
  });
});
