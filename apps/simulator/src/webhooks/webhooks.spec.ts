import { aCustomer, aReceiver, aSimulator, failureOf, offSession, stopAll, webhookSecret } from '../simulator.examples.js';

describe('webhooks', () => {
  afterEach(stopAll);

  async function listening() {
    const receiver = await aReceiver();
    const at = await aSimulator({ webhook: { url: receiver.url, secret: webhookSecret } });
    const payer = await aCustomer(at.stripe);
    await at.simulator.webhooksIdle();
    receiver.events.length = 0;
    return { ...at, receiver, payer };
  }
  const types = (events: { type: string }[]) => events.map((event) => event.type);

  it('sends signed events of customers, payments and refunds', async () => {
    const { stripe, simulator, receiver } = await listening();
    const payer = await aCustomer(stripe);
    const paid = await stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'the key' });
    await stripe.refunds.create({ payment_intent: paid.id });
    await simulator.webhooksIdle();
    expect(types(receiver.events).toSorted()).toEqual([
      'charge.refunded',
      'charge.succeeded',
      'customer.created',
      'payment_intent.created',
      'payment_intent.succeeded',
      'payment_method.attached',
      'refund.created',
    ]);
    const succeeded = receiver.events.find((event) => event.type === 'payment_intent.succeeded');
    expect(succeeded).toMatchObject({ request: { idempotency_key: 'the key' }, data: { object: { id: paid.id, status: 'succeeded' } } });
    expect(await stripe.events.retrieve(String(succeeded?.id))).toMatchObject({ id: succeeded?.id, type: 'payment_intent.succeeded' });
  });

  it('tells of declines, cancellations, pending authentication and slow banks', async () => {
    const { stripe, simulator, control, receiver, payer } = await listening();
    await control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'decline', code: 'insufficient_funds', times: 1 });
    await failureOf(stripe.paymentIntents.create(offSession(payer)));
    const open = await stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    await stripe.paymentIntents.cancel(open.id);
    await control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'authenticate' });
    await stripe.paymentIntents.create({ ...offSession(payer), off_session: false });
    await control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'process' });
    const slow = await stripe.paymentIntents.create(offSession(payer));
    expect(slow.status).toBe('processing');
    await control('POST', `/payment_intents/${slow.id}/settle`, { outcome: 'succeed' });
    await simulator.webhooksIdle();
    expect(types(receiver.events)).toEqual(
      expect.arrayContaining([
        'charge.failed',
        'payment_intent.payment_failed',
        'payment_intent.canceled',
        'payment_intent.requires_action',
        'payment_intent.processing',
        'payment_intent.succeeded',
      ]),
    );
    expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('succeeded');
  });

  it('lists events by type and time', async () => {
    const { stripe, payer } = await listening();
    await stripe.paymentIntents.create(offSession(payer));
    expect(types((await stripe.events.list({ type: 'charge.*' })).data)).toEqual(['charge.succeeded']);
    expect(types((await stripe.events.list({ types: ['customer.created', 'charge.succeeded'] })).data)).toEqual([
      'charge.succeeded',
      'customer.created',
    ]);
    const all: string[] = [];
    for await (const event of stripe.events.list({ limit: 2, created: { lte: Math.ceil(Date.now() / 1000) } })) all.push(event.type);
    expect(all).toEqual([
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
      'payment_method.attached',
      'customer.created',
    ]);
  });

  it('tries again after a refusal', async () => {
    const { stripe, simulator, receiver, control } = await listening();
    receiver.answerWith(500, 503);
    await stripe.customers.create();
    await simulator.webhooksIdle();
    expect(types(receiver.events)).toEqual(['customer.created']);
    expect((await control('GET', '/stats')).body).toMatchObject({ webhooks: { failedAttempts: 2 } });
  });

  it('delivers twice, drops, and sends late and out of order when asked', async () => {
    const { stripe, simulator, receiver, control } = await listening();
    const fault = (kind: string, type: string, ms = 0) => control('POST', '/webhooks/faults', { kind, types: [type], ms });
    await fault('duplicate', 'customer.created');
    await stripe.customers.create();
    await simulator.webhooksIdle();
    expect(receiver.events).toHaveLength(2);
    expect(receiver.events[0]?.id).toBe(receiver.events[1]?.id);

    receiver.events.length = 0;
    await fault('drop', 'customer.*');
    await stripe.customers.create();
    await simulator.webhooksIdle();
    expect(receiver.events).toEqual([]);
    expect(types((await stripe.events.list({ limit: 1 })).data)).toEqual(['customer.created']);

    await fault('out_of_order', 'payment_intent.created', 5_000);
    await fault('late', 'payment_intent.succeeded', 300);
    const { customer, method } = await aCustomer(stripe);
    receiver.events.length = 0;
    await stripe.paymentIntents.create(offSession({ customer, method }));
    await simulator.webhooksIdle();
    const order = types(receiver.events).filter((type) => type.includes('payment_intent') || type.includes('charge'));
    expect(order).toEqual(['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded']);
  });

  it('can be pointed elsewhere, with another secret, while it runs', async () => {
    const { stripe, simulator, receiver, control } = await listening();
    const other = await aReceiver('whsec_other');
    await control('PUT', '/webhook', { url: other.url, secret: 'whsec_other' });
    await stripe.customers.create();
    await simulator.webhooksIdle();
    expect([receiver.events.length, other.events.length]).toEqual([0, 1]);
  });
});
