import Stripe from 'stripe';
import supertest from 'supertest';
import { PaymentStage } from './payments.stage.js';

const once = { intents: 1, captured: 1, amount: 2900 };
const confirm = { method: 'POST', path: '/v1/payment_intents/*/confirm' };
const SECRET = 'whsec_0123456789abcdef0123456789abcdef';

let stage: PaymentStage;
let stripe: Stripe;
beforeAll(async () => {
  stage = await PaymentStage.open();
  const { host, port } = stage.platform.simulator;
  stripe = new Stripe('sk_test_specs', { host, port, protocol: 'http', telemetry: false });
});
afterEach(() => stage.calm());
afterAll(() => stage.close());

const inbox = (where = 'true') =>
  stage.platform.database.query<{ type: string; result: string | null }>(`select type, result from payments.gateway_event where ${where}`);
const strays = () =>
  stage.platform.database.query<{ reason: string; amount: string; currency: string; object_id: string }>(
    'select * from payments.stray_charge',
  );

/** Until neither jobs nor webhooks are left, with failed jobs tried at once. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await stage.platform.simulator.webhooksIdle();
    if ((await stage.jobs()) + (await stage.jobs('payments.gateway-event')) === 0) return;
    await stage.work();
  }
  throw new Error('It does not become quiet.');
}

async function expectPaidOnce(invoiceId: string): Promise<void> {
  expect(await stage.taken(invoiceId)).toEqual(once);
  expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded', attempt: 1 }]);
  expect(await stage.invoiceStatus(invoiceId)).toBe('paid');
  expect(await stage.events('PaymentSucceeded', invoiceId)).toBe(1);
}

const event = (fields: object) => ({
  id: 'evt_spec',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: Math.floor(Date.now() / 1000),
  data: { object: { id: 'pi_spec', object: 'payment_intent' } },
  ...fields,
});

function send(
  payload: object | string | null,
  { secret = SECRET, timestamp = Math.floor(Date.now() / 1000), tampered = false } = {},
): supertest.Test {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const signature = stripe.webhooks.generateTestHeaderString({ payload: text, secret, timestamp });
  return post()
    .set('Content-Type', 'application/json')
    .set('Stripe-Signature', signature)
    .send(tampered ? text.replace('pi_spec', 'pi_evil') : text);
}

function post(): supertest.Test {
  return stage.platform.documented(supertest(stage.platform.app.getHttpServer()).post('/v1/webhooks/stripe'));
}

describe('a webhook', () => {
  it('settles a payment whose answer was lost, before the job asks', async () => {
    const { invoiceId } = await stage.invoice();
    await stage.fault({ ...confirm, kind: 'error_after' });
    await stage.work();
    await stage.platform.simulator.webhooksIdle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'unknown' }]);
    await stage.platform.database.query(`update es.job set run_at = now() + interval '1 hour' where kind = 'payments.collect'`);
    await stage.platform.settle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded' }]);
    await quiet();
    await expectPaidOnce(invoiceId);
  });

  it.each([
    ['twice', { kind: 'duplicate', times: null, ms: 1 }],
    ['out of order', { kind: 'out_of_order', times: null, ms: 50 }],
    ['never', { kind: 'drop', times: null }],
  ])('that comes %s makes no difference', async (_, fault) => {
    await stage.webhookFault(fault);
    const { invoiceId } = await stage.invoice();
    await quiet();
    await expectPaidOnce(invoiceId);
  });

  it('of a declined payment says no more than what is known', async () => {
    const { invoiceId } = await stage.invoice('pm_card_chargeDeclinedLostCard');
    await quiet();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'lost_card' } }]);
    expect(await stage.events('PaymentFailed', invoiceId)).toBe(1);
  });

  it('is kept once, by its id', async () => {
    await send(event({ id: 'evt_once' })).expect(200, { received: true });
    await send(event({ id: 'evt_once' })).expect(200, { received: true });
    expect(await inbox(`event_id = 'evt_once'`)).toHaveLength(1);
    await quiet();
    expect(await inbox(`event_id = 'evt_once'`)).toEqual([{ type: 'payment_intent.succeeded', result: 'gone' }]);
  });

  it('that has nothing to do with payments is kept and left alone', async () => {
    await send(event({ id: 'evt_other', type: 'customer.updated', data: { object: { id: 'cus_1', object: 'customer' } } })).expect(200);
    await quiet();
    expect(await inbox(`event_id = 'evt_other'`)).toEqual([{ type: 'customer.updated', result: 'ignored' }]);
  });

  it('of a refund is kept, and changes nothing yet', async () => {
    const { invoiceId } = await stage.invoice();
    await quiet();
    const { data } = await stripe.paymentIntents.list({ limit: 1 });
    await stripe.refunds.create({ payment_intent: data[0]!.id });
    await quiet();
    expect(await inbox(`type = 'charge.refunded' and intent_id = '${data[0]!.id}'`)).toEqual([
      { type: 'charge.refunded', result: 'refund' },
    ]);
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'succeeded' }]);
  });

  it.each([
    ['signed with another secret', { secret: 'whsec_ffffffffffffffffffffffffffffffff' }],
    ['signed too long ago', { timestamp: Math.floor(Date.now() / 1000) - 301 }],
    ['changed after it was signed', { tampered: true }],
  ])('is refused when it is %s', async (_, how) => {
    const before = (await inbox()).length;
    const { body } = await send(event({ id: 'evt_forged' }), how).expect(401);
    expect(body.code).toBe('webhook_signature_invalid');
    expect(await inbox()).toHaveLength(before);
  });

  it.each<[string, object | string | null]>([
    ['is null', null],
    ['is no JSON', 'payment_intent.succeeded'],
    ['is empty', {}],
    ['is a list', []],
    ['is a number', '7'],
    ['has no id', event({ id: undefined })],
    ['has no type', event({ type: undefined })],
    ['has no time', event({ created: undefined })],
    ['is a thin event', { id: 'evt_thin', object: 'v2.core.event', type: 'v1.x', created: '2026-01-31T12:00:00Z', related_object: null }],
  ])('is refused, though it is signed, when it %s', async (_, payload) => {
    const before = (await inbox()).length;
    expect((await send(payload).expect(422)).body.code).toBe('webhook_event_unreadable');
    expect(await inbox()).toHaveLength(before);
  });

  it.each([
    ['no data', { data: undefined }],
    ['data of null', { data: null }],
    ['no object', { data: {} }],
    ['an object of null', { data: { object: null } }],
    ['an object that is a text', { data: { object: 'pi_1' } }],
    ['an object without an id', { data: { object: { object: 'charge', payment_intent: 7 } } }],
  ])('is kept and left alone when it has %s', async (how, fields) => {
    const id = `evt_${how.replaceAll(' ', '_')}`;
    await send(event({ id, ...fields })).expect(200);
    await quiet();
    expect(await inbox(`event_id = '${id}'`)).toEqual([{ type: 'payment_intent.succeeded', result: 'ignored' }]);
  });

  it('is refused without a signature, and without a body', async () => {
    await post().set('Content-Type', 'application/json').send('{}').expect(401);
    await post().expect(401);
  });
});

describe('a charge that we did not ask for', () => {
  it('is kept for a person, once, and changes nothing', async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 777,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
    });
    await quiet();
    const found = (await strays()).filter(({ object_id }) => object_id === intent.id);
    expect(found).toMatchObject([{ reason: 'no_payment', amount: '777', currency: 'USD' }]);
  });

  it('is none when nothing was taken', async () => {
    const before = (await strays()).length;
    const options = { amount: 778, currency: 'usd', payment_method: 'pm_card_chargeDeclined', confirm: true, off_session: true };
    await expect(stripe.paymentIntents.create(options)).rejects.toThrow();
    await quiet();
    expect(await strays()).toHaveLength(before);
  });

  it('is also one that carries the id of a payment of ours, with another intent', async () => {
    const { invoiceId } = await stage.invoice();
    await quiet();
    const [payment] = await stage.payments(invoiceId);
    const copy = { amount: 2900, currency: 'usd', payment_method: 'pm_card_visa', confirm: true, off_session: true };
    const intent = await stripe.paymentIntents.create({ ...copy, metadata: { paymentId: payment!.id } });
    await quiet();
    const found = (await strays()).filter(({ object_id }) => object_id === intent.id);
    expect(found).toMatchObject([{ reason: 'payment_outcome_foreign', amount: '2900' }]);
    expect(await stage.events('PaymentSucceeded', invoiceId)).toBe(1);
  });
});
