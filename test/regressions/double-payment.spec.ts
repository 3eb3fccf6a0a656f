import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { RecordInvoicePayment } from '#invoicing/contract.js';
import { bucketOf, type InvoiceId, newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { PaymentStage } from '../api/payments.stage.js';
import { verified } from '../verify/verified.js';

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

/** What the verifier says of the gateway's charges, judged in ten minutes, when all should be at rest. */
async function saidOfCharges(): Promise<string[]> {
  const judged = {
    platform: stage.platform,
    quietAt: fromEpochMs(Date.now() + 600_000),
    clock: '',
    monthly: { account: '', subscription: '' },
  };
  const [charges] = (await verified(judged, async () => {})).filter(({ id }) => id === 'I3');
  expect(charges).toMatchObject({ error: null, examined: [{ what: 'payments' }, { what: 'intents' }], notChecked: [] });
  return charges!.shown.map(({ says }) => says);
}

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
    // The second success was recorded as money that its invoice did not take: that must not hide it.
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect(await saidOfCharges()).toEqual([
      '2 payments of an invoice succeeded, with 5800 USD in all; 2900 was due.',
      'The gateway charged an invoice 2 times, with 5800 USD in all; 2900 was due.',
    ]);
  });

  it('is not what the verifier calls a charge that came when its invoice was settled otherwise: it was taken once', async () => {
    const { invoiceId } = await stage.invoice();
    const amount = Money.of(2900n, 'USD');
    const byHand = { invoiceId: invoiceId as InvoiceId, paymentId: newId<'payment'>(bucketOf(invoiceId as InvoiceId)), amount };
    const executor = stage.platform.app.get(CommandExecutor, { strict: false });
    await executor.execute(new RecordInvoicePayment(byHand, { actor: 'spec', correlationId: 'spec' }));
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded', unapplied: 'payment_does_not_fit' }]);
    expect(await saidOfCharges()).toEqual([]);
  });
});
