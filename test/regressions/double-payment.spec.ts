import { PaymentStage } from '../api/payments.stage.js';

const confirm = { method: 'POST', path: '/v1/payment_intents/*/confirm' };

let stage: PaymentStage;
beforeEach(async () => {
  stage = await PaymentStage.open();
});
afterEach(() => stage.close());

/** The gateway has charged, its answer was lost, and nobody of ours knows. */
async function chargedWithoutAnAnswer(): Promise<string> {
  stage.platform.simulator.setWebhook(null);
  const { invoiceId } = await stage.invoice();
  await stage.fault({ ...confirm, kind: 'error_after' });
  await stage.work();
  expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'unknown' }]);
  expect((await stage.taken(invoiceId)).captured).toBe(1);
  return invoiceId;
}

const retry = (invoiceId: string) => stage.platform.post('/v1/payments/retry', { invoiceId });

async function asOwner(statement: string): Promise<void> {
  await stage.platform.database.transaction(async (sql) => {
    await sql.query('set local role postgres');
    await sql.query(statement);
  });
}

/** Guard removed: the decision does not know that an attempt is open. */
const forgetOpenAttempts = () => asOwner('update payments.collectible_invoice set open_payment_id = null');
/** Guard removed: the table takes any number of open attempts of an invoice. */
const allowManyAttempts = () => asOwner('drop index payments.payment_open_attempt');

describe('Double payment between API, webhook and background repair (killbill #1015, #1599, #2062)', () => {
  it('does not happen when job, webhooks and ten requests to try again all come at once', async () => {
    await stage.webhookFault({ kinds: ['duplicate'], probability: 1, seed: 1 });
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_after' });
    await Promise.all([stage.work(), stage.work(), ...Array.from({ length: 10 }, () => retry(invoiceId))]);
    await stage.work();
    await stage.platform.settle();
    expect(await stage.taken(invoiceId)).toEqual({ intents: 1, captured: 1, amount: 2900 });
    expect(await stage.invoiceStatus(invoiceId)).toBe('paid');
    expect(await stage.events('PaymentSucceeded', invoiceId)).toBe(1);
  });

  it('does not happen while nobody knows the outcome: another attempt is refused, and asking finds the charge', async () => {
    const invoiceId = await chargedWithoutAnAnswer();
    expect((await retry(invoiceId)).body.code).toBe('payment_in_progress');
    await stage.work();
    expect(await stage.taken(invoiceId)).toEqual({ intents: 1, captured: 1, amount: 2900 });
  });

  it('is kept away by the table when the decision forgets that an attempt is open', async () => {
    const invoiceId = await chargedWithoutAnAnswer();
    await forgetOpenAttempts();
    expect((await retry(invoiceId)).status).toBeGreaterThanOrEqual(400);
    await stage.work();
    expect((await stage.taken(invoiceId)).captured).toBe(1);
  });

  it('happens when both guards are taken out, which shows that it is they who keep it away', async () => {
    const invoiceId = await chargedWithoutAnAnswer();
    await forgetOpenAttempts();
    await allowManyAttempts();
    await retry(invoiceId).expect(201);
    await stage.work();
    expect(await stage.taken(invoiceId)).toEqual({ intents: 2, captured: 2, amount: 5800 });
  });
});
