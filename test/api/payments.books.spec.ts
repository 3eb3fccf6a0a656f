import Stripe from 'stripe';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { RecordInvoicePayment } from '#invoicing/contract.js';
import { newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { ReconcileGateway } from '#payments/jobs/reconcile-gateway.job.js';
import { SweepGatewayEvents } from '#payments/jobs/sweep-gateway-events.job.js';
import { PaymentStage } from './payments.stage.js';

const HOUR_MS = 3_600_000;
const confirm = { method: 'POST', path: '/v1/payment_intents/*/confirm' };

let stage: PaymentStage;
let stripe: Stripe;
beforeAll(async () => {
  stage = await PaymentStage.open();
  const { host, port } = stage.platform.simulator;
  stripe = new Stripe('sk_test_specs', { host, port, protocol: 'http', telemetry: false });
});
afterEach(() => stage.calm());
afterAll(() => stage.close());

const part = <T>(token: abstract new (...args: never[]) => T): T => stage.platform.app.get(token, { strict: false });
const rows = (text: string, values: readonly unknown[] = []) => stage.platform.database.query<Record<string, unknown>>(text, values);
const reconcile = () =>
  part(ReconcileGateway).reconcile('stripe', { from: fromEpochMs(Date.now() - HOUR_MS), to: fromEpochMs(Date.now() + HOUR_MS) });
const differences = async () => (await reconcile()).differences.map(({ kind, objectId }) => ({ kind, objectId }));

async function collected(): Promise<{ invoiceId: string; accountId: string }> {
  const made = await stage.invoice();
  await stage.platform.settle();
  return made;
}

describe('a sweep of the gateway’s events', () => {
  it('finds those whose webhooks never came, once each', async () => {
    await stage.webhookFault({ kind: 'drop', times: null });
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_after' });
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'unknown' }]);
    await rows(`update es.job set run_at = now() + interval '1 hour' where kind = 'payments.collect'`);
    expect(await part(SweepGatewayEvents).sweep('stripe')).toBeGreaterThan(0);
    await stage.platform.settle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded' }]);
    expect(await part(SweepGatewayEvents).sweep('stripe')).toBe(0);
    expect(await rows('select swept_to from payments.gateway_sweep')).toHaveLength(1);
    await stage.work();
  });

  it('is planned, as is the daily reconciliation', async () => {
    const planned = await rows(
      `select kind from es.job where kind in ('payments.sweep', 'payments.reconcile') and run_at > now() order by kind`,
    );
    expect(planned).toEqual([{ kind: 'payments.reconcile' }, { kind: 'payments.sweep' }]);
  });
});

describe('the reconciliation', () => {
  it('finds nothing where all is booked', async () => {
    await collected();
    expect(await differences()).toEqual([]);
  });

  it('finds what nobody of ours has asked for and what was paid back, keeps each once, and reports them', async () => {
    const reported: unknown[] = [];
    const unlisten = part(Incidents).listen(({ what, details }) => reported.push({ what, ...details }));
    const intent = await stripe.paymentIntents.create({
      amount: 777,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
    });
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
    const found = [
      { kind: 'unknown_at_us', objectId: intent.id },
      { kind: 'unknown_at_us', objectId: refund.id },
    ];
    expect(await differences()).toEqual(found);
    expect(await differences()).toEqual(found);
    unlisten();
    expect(reported).toEqual(found.map((each) => ({ what: 'reconciliation-difference', ...each })));
    const kept = await rows(
      'select gateway_amount, payment_amount, currency, resolved_at from payments.reconciliation_difference order by gateway_amount',
    );
    expect(kept).toEqual([
      { gateway_amount: '-100', payment_amount: null, currency: 'USD', resolved_at: null },
      { gateway_amount: '777', payment_amount: null, currency: 'USD', resolved_at: null },
    ]);
  });

  it('calls it pending when the news are on their way, and resolves it once they are there', async () => {
    await stage.webhookFault({ kind: 'drop', times: null });
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_after' });
    await stage.work();
    const [{ intent_id: intentId }] = (await rows('select intent_id from payments.payment_details where invoice_id = $1', [invoiceId])) as [
      { intent_id: string },
    ];
    expect(await differences()).toContainEqual({ kind: 'pending', objectId: intentId });
    await stage.work();
    expect(await differences()).not.toContainEqual(expect.objectContaining({ objectId: intentId }));
    const [row] = await rows('select resolved_at is not null as resolved from payments.reconciliation_difference where object_id = $1', [
      intentId,
    ]);
    expect(row).toEqual({ resolved: true });
  });

  it('finds a cent of difference in the ledger, and money that only the ledger has', async () => {
    const { invoiceId } = await collected();
    const [payment] = (await rows('select bucket, id, intent_id from payments.payment_details where invoice_id = $1', [invoiceId])) as [
      { bucket: number; id: string; intent_id: string },
    ];
    const [event] = (await rows(`select event_id from es.event where bucket = $1 and stream_id = $2 and event_type = 'PaymentSucceeded'`, [
      payment.bucket,
      payment.id,
    ])) as [{ event_id: string }];
    const post = (eventId: string, amount: number) =>
      rows(
        `insert into ledger.posting (bucket, event_id, index, credit_account, debit_account, amount, currency, effective_at)
         values ($1::smallint, $2::uuid, 7, 'revenue:x', 'cash:stripe', $3, 'USD', now())`,
        [payment.bucket, eventId, amount],
      );
    await post(event.event_id, 1);
    const alone = newId(payment.bucket);
    await post(alone, 500);
    expect(await differences()).toEqual(
      expect.arrayContaining([
        { kind: 'amount_differs', objectId: payment.intent_id },
        { kind: 'unknown_at_gateway', objectId: alone },
      ]),
    );
  });
});

describe('a success whose invoice was closed meanwhile', () => {
  it('is recorded all the same, and the money is the customer’s credit', async () => {
    const { invoiceId, accountId } = await stage.invoice();
    const other = new RecordInvoicePayment(
      { invoiceId: invoiceId as never, paymentId: newId(Number.parseInt(invoiceId.slice(34), 16)), amount: Money.of(2900n, 'USD') },
      { actor: 'specs', correlationId: 'by hand' },
    );
    await part(CommandExecutor).execute(other);
    await stage.work();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded', unapplied: 'payment_does_not_fit' }]);
    expect(await stage.jobs()).toBe(0);
    expect(
      await rows('select debit_account, amount from ledger.posting where credit_account = $1', [`customer-credit:${accountId}`]),
    ).toEqual([{ debit_account: 'cash:stripe', amount: '2900' }]);
  });
});

describe('an account whose billing looks impossible', () => {
  const parkedIds = async () =>
    (await stage.platform.get('/v1/account-holds').expect(200)).body.data.map(({ accountId }: { accountId: string }) => accountId);
  const timers = (subscriptionId: string) => rows('select set_aside_reason from es.timer where stream_id = $1', [subscriptionId]);

  it('is parked by a stray charge: nothing is charged and nothing falls due until it is released', async () => {
    const { accountId } = await collected();
    const { id: subscriptionId } = await stage.story.subscription(accountId);
    await stage.platform.settle();
    const [{ customer_id: customer }] = (await rows('select customer_id from payments.payment_method where account_id = $1', [
      accountId,
    ])) as [{ customer_id: string }];
    const { data } = await stripe.paymentMethods.list({ customer });
    await stripe.paymentIntents.create({
      amount: 777,
      currency: 'usd',
      customer,
      payment_method: data[0]!.id,
      confirm: true,
      off_session: true,
    });
    await stage.platform.simulator.webhooksIdle();
    await stage.platform.settle();
    expect(await parkedIds()).toContain(accountId);
    expect(await timers(subscriptionId)).toEqual([{ set_aside_reason: 'account_parked' }]);

    const { latestInvoiceId } = await stage.story.subscription(accountId);
    await stage.platform.settle();
    expect(await stage.payments(latestInvoiceId)).toEqual([]);
    expect((await stage.platform.post('/v1/payments/retry', { invoiceId: latestInvoiceId }).expect(409)).body.code).toBe('account_parked');

    const { body } = await stage.platform.post(`/v1/accounts/${accountId}/release`, { reason: 'A terminal of ours.' }).expect(200);
    expect(body).toMatchObject({ accountId, isParked: false });
    await stage.platform.settle();
    expect(await parkedIds()).not.toContain(accountId);
    expect(await timers(subscriptionId)).toEqual([{ set_aside_reason: null }]);
    expect(await stage.payments(latestInvoiceId)).toMatchObject([{ status: 'succeeded' }]);
    expect((await stage.platform.post(`/v1/accounts/${accountId}/release`, { reason: 'Again.' }).expect(409)).body.code).toBe(
      'account_not_parked',
    );
  });

  it('is parked by more invoices in a day than can be meant, and not again by the same ones', async () => {
    const { accountId, invoiceId } = await collected();
    await rows(
      `insert into payments.collectible_invoice (bucket, id, account_id, due_amount, currency, is_open, attempts, issued_at, is_withheld)
       select bucket, encode(set_byte(uuid_send(gen_random_uuid()), 15, bucket::integer), 'hex')::uuid, account_id, 1, 'USD', false, 1, now(), false
         from payments.collectible_invoice, generate_series(1, 99) where id = $1`,
      [invoiceId],
    );
    const started = await stage.story.subscription(accountId);
    const { latestInvoiceId } = started;
    const hold = { reason: 'too_many_invoices', since: expect.any(String) };
    expect(started.hold).toEqual(hold);
    expect((await stage.platform.get(`/v1/subscriptions/${started.id}`).expect(200)).body.hold).toEqual(hold);
    expect((await stage.platform.get(`/v1/accounts/${accountId}`).expect(200)).body.hold).toEqual(hold);
    await stage.platform.settle();
    expect(await stage.payments(latestInvoiceId)).toEqual([]);
    expect(await parkedIds()).toContain(accountId);
    await stage.platform.post(`/v1/accounts/${accountId}/release`, { reason: 'A hundred branches.' }).expect(200);
    await stage.platform.settle();
    expect(await stage.payments(latestInvoiceId)).toMatchObject([{ status: 'succeeded' }]);
    const { latestInvoiceId: next, hold: none } = await stage.story.subscription(accountId);
    expect(none).toBeNull();
    await stage.platform.settle();
    expect(await stage.payments(next)).toMatchObject([{ status: 'succeeded' }]);
  });
});
