import { aCustomer, aSimulator, failureOf, offSession, type Running, stopAll } from '../simulator.examples.js';

describe('idempotency keys', () => {
  let at: Running;
  beforeAll(async () => {
    at = await aSimulator();
  });
  afterAll(stopAll);

  it('answers the same request under the same key from memory', async () => {
    const payer = await aCustomer(at.stripe);
    const first = await at.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'same' });
    const again = await at.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'same' });
    expect(again).toEqual(first);
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined();
    expect(again.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
      'idempotency-key': 'same',
    });
    expect((await at.stripe.paymentIntents.list({ customer: payer.customer })).data).toHaveLength(1);
  });

  it('answers a decline again, though the card has recovered', async () => {
    const payer = await aCustomer(at.stripe, 'pm_card_chargeDeclined');
    const charge = () => failureOf(at.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'declined' }));
    const first = await charge();
    await at.control('POST', `/payment_methods/${payer.method}/behavior`, { outcome: 'succeed' });
    const again = await charge();
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(again.headers?.['idempotent-replayed']).toBe('true');
  });

  it('refuses the key for other parameters and for another endpoint', async () => {
    const payer = await aCustomer(at.stripe);
    const options = { idempotencyKey: 'mine' };
    await at.stripe.paymentIntents.create(offSession(payer, 500), options);
    const other = await failureOf(at.stripe.paymentIntents.create(offSession(payer, 501), options));
    expect(other).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    const elsewhere = await failureOf(at.stripe.customers.create({}, options));
    expect(elsewhere).toMatchObject({ type: 'StripeIdempotencyError', message: expect.stringContaining('same endpoint') });
  });

  it('does not keep a request that was refused before it began', async () => {
    const payer = await aCustomer(at.stripe);
    const options = { idempotencyKey: 'first wrong' };
    await failureOf(at.stripe.paymentIntents.create({ ...offSession(payer), amount: 1.5 }, options));
    expect((await at.stripe.paymentIntents.create(offSession(payer), options)).status).toBe('succeeded');
  });

  it('answers 409 while the first request with the key is running', async () => {
    const payer = await aCustomer(at.stripe);
    await at.control('POST', '/faults', { kind: 'delay', ms: 400, method: 'POST', path: '/v1/payment_intents' });
    const options = { idempotencyKey: 'at once' };
    const slow = at.stripe.paymentIntents.create(offSession(payer), options);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await failureOf(at.connect().paymentIntents.create(offSession(payer), options));
    expect(refused).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const first = await slow;
    expect((await at.stripe.paymentIntents.create(offSession(payer), options)).id).toBe(first.id);
  });

  it('forgets a key after a day, as Stripe may', async () => {
    const own = await aSimulator();
    const payer = await aCustomer(own.stripe);
    const first = await own.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'old' });
    const tomorrow = new Date(Date.now() + 25 * 3600 * 1000).toISOString();
    await own.control('PUT', '/clock', { now: tomorrow });
    const second = await own.stripe.paymentIntents.create(offSession(payer), { idempotencyKey: 'old' });
    expect(second.id).not.toBe(first.id);
  });
});
