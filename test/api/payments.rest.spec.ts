import { jest } from '@jest/globals';
import { Database } from '#event-sourcing/sql.js';
import { PaymentStage } from './payments.stage.js';

let stage: PaymentStage;
beforeAll(async () => {
  stage = await PaymentStage.open();
});
afterAll(() => stage.close());

const aPayment = async () => {
  const { invoiceId, accountId } = await stage.invoice();
  await stage.platform.settle();
  const [payment] = await stage.payments(invoiceId);
  return { invoiceId, accountId, paymentId: payment!.id };
};

describe('GET /v1/payments/{id}', () => {
  it('answers the payment with the version of its stream', async () => {
    const { invoiceId, accountId, paymentId } = await aPayment();
    const { body } = await stage.platform.get(`/v1/payments/${paymentId}`).expect(200).expect('ETag', '"3"');
    expect(body).toEqual({
      ...{ id: paymentId, invoiceId, accountId, amount: { amount: 2900, currency: 'USD' }, status: 'succeeded', attempt: 1 },
      ...{ failure: null, nextRetryAt: null, unapplied: null, createdAt: expect.any(String), settledAt: expect.any(String) },
    });
  });

  it('says what is not there and what is no id', async () => {
    const { body } = await stage.platform.get('/v1/payments/0190f0c8-9999-7000-8000-00000000002a').expect(404);
    expect(body.code).toBe('payment_not_found');
    await stage.platform.get('/v1/payments/none').expect(422);
  });
});

describe('GET /v1/payments', () => {
  it('filters by account, invoice and status', async () => {
    const { invoiceId, accountId, paymentId } = await aPayment();
    const declined = await stage.invoice('pm_card_chargeDeclined');
    await stage.platform.settle();
    const ids = async (query: string) => {
      const { body } = await stage.platform.get(`/v1/payments?${query}`).expect(200);
      return (body.data as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids(`accountId=${accountId}`)).toEqual([paymentId]);
    expect(await ids(`invoiceId=${invoiceId}&status=succeeded`)).toEqual([paymentId]);
    expect(await ids(`invoiceId=${invoiceId}&status=failed`)).toEqual([]);
    expect(await ids('status=failed')).toEqual([(await stage.payments(declined.invoiceId))[0]!.id]);
    await stage.platform.get('/v1/payments?status=paid').expect(422);
    await stage.platform.get('/v1/payments?invoiceId=none').expect(422);
  });

  it('goes through all of them page by page, newest first, each once', async () => {
    for (let count = 0; count < 3; count += 1) await aPayment();
    const seen: { id: string; createdAt: string }[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await stage.platform.get(`/v1/payments?limit=2${cursor && `&cursor=${cursor}`}`).expect(200);
      seen.push(...body.data);
      if (!body.nextCursor) break;
      cursor = body.nextCursor;
    }
    const all = await stage.platform.database.query('select id from payments.payment_details');
    expect(new Set(seen.map(({ id }) => id)).size).toBe(all.length);
    expect(seen).toHaveLength(all.length);
    expect(seen.map(({ createdAt }) => createdAt)).toEqual(
      seen
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
  });
});

describe('POST /v1/payments/retry', () => {
  async function aDeclinedInvoice(): Promise<string> {
    const { invoiceId, accountId } = await stage.invoice('pm_card_chargeDeclined');
    await stage.platform.settle();
    await stage.platform.post(`/v1/accounts/${accountId}/payment-methods`, { token: 'pm_card_visa', isDefault: true }).expect(201);
    return invoiceId;
  }

  it('makes one attempt, however many ask for it at once', async () => {
    const invoiceId = await aDeclinedInvoice();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stage.platform.post('/v1/payments/retry', { invoiceId })));
    // Whoever comes after the attempt was recorded is told that it is in progress, all others get the attempt.
    expect(new Set(answers.map(({ status }) => status)).has(201)).toBe(true);
    expect(answers.filter(({ status, body }) => status !== 201 && body.code !== 'payment_in_progress')).toEqual([]);
    await stage.platform.settle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed' }, { status: 'succeeded', attempt: 2 }]);
    expect(await stage.taken(invoiceId)).toEqual({ intents: 2, captured: 1, amount: 2900 });
  });

  it('answers the same under the same key, also when the attempt is long over', async () => {
    const invoiceId = await aDeclinedInvoice();
    const retry = () => stage.platform.post('/v1/payments/retry', { invoiceId }).set('Idempotency-Key', `retry ${invoiceId}`);
    const first = await retry().expect(201);
    expect(first.headers.location).toBe(`/v1/payments/${first.body.id}`);
    await stage.platform.settle();
    const again = await retry().expect(201).expect('Idempotent-Replayed', 'true');
    expect(again.body).toEqual(first.body);
    expect(await stage.payments(invoiceId)).toHaveLength(2);
  });

  it('refuses what cannot be collected', async () => {
    const { invoiceId } = await aPayment();
    expect((await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(409)).body.code).toBe('invoice_not_open');
    const unknown = await stage.platform.post('/v1/payments/retry', { invoiceId: '0190f0c8-9999-7000-8000-00000000002a' }).expect(404);
    expect(unknown.body.code).toBe('invoice_not_found');
    await stage.platform.post('/v1/payments/retry', {}).expect(422);
    await stage.platform.post('/v1/payments/retry', { invoiceId: 'none' }).expect(422);
  });
});

describe('a payment method', () => {
  it('is refused where the gateway does not take it, with the place in the request', async () => {
    const account = { email: 'ada@example.com', name: 'Ada', currency: 'USD', paymentMethod: { token: 'pm_card_of_nobody' } };
    const { body } = await stage.platform.post('/v1/accounts', account).expect(422);
    expect(body).toMatchObject({ code: 'payment_method_refused', errors: [{ pointer: '/paymentMethod/token' }] });
  });
});

describe('GraphQL', () => {
  it('answers payments below an account and below its invoices, with one statement for each level', async () => {
    const { accountId, paymentId, invoiceId } = await aPayment();
    const statements = jest.spyOn(Database.prototype, 'query');
    const { body } = await stage.platform.graphql(
      `query ($id: ID!) { account(id: $id) {
         payments(first: 5) { edges { node { id status amount { amount currency } } } }
         invoices(first: 5) { edges { node { id payments(first: 5) { edges { node { id attempt failure { code } } } pageInfo { hasNextPage } } } } } } }`,
      { id: accountId },
    );
    const asked = statements.mock.calls.filter(([text]) => text.includes('payments.payment_details'));
    statements.mockRestore();
    expect(body.errors).toBeUndefined();
    expect(body.data.account.payments.edges).toEqual([
      { node: { id: paymentId, status: 'succeeded', amount: { amount: '2900', currency: 'USD' } } },
    ]);
    const [invoice] = body.data.account.invoices.edges;
    expect(invoice.node).toEqual({
      id: invoiceId,
      payments: { edges: [{ node: { id: paymentId, attempt: 1, failure: null } }], pageInfo: { hasNextPage: false } },
    });
    expect(asked).toHaveLength(2);
  });

  it('answers a payment by its id', async () => {
    const { paymentId } = await aPayment();
    const { body } = await stage.platform.graphql('query ($id: ID!) { payment(id: $id) { id status } }', { id: paymentId });
    expect(body.data).toEqual({ payment: { id: paymentId, status: 'succeeded' } });
  });
});
