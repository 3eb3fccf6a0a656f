import type Stripe from 'stripe';
import { aCustomer, aSimulator, failureOf, offSession, type Running, stopAll } from '../simulator.examples.js';

describe('payment intents', () => {
  let at: Running;
  beforeAll(async () => {
    at = await aSimulator();
  });
  afterAll(stopAll);

  const capturedCharges = async (intent: string) =>
    (await at.stripe.charges.list({ payment_intent: intent })).data.filter((each) => each.captured);

  it('takes the money of a good card once and books it', async () => {
    const payer = await aCustomer(at.stripe);
    const paid = await at.stripe.paymentIntents.create({
      ...offSession(payer),
      currency: 'USD',
      expand: ['latest_charge.balance_transaction', 'customer'],
    });
    expect(paid).toMatchObject({
      status: 'succeeded',
      amount: 1250,
      amount_received: 1250,
      currency: 'usd',
      customer: { id: payer.customer, object: 'customer' },
      latest_charge: { status: 'succeeded', captured: true, balance_transaction: { amount: 1250, fee: 66, net: 1184, type: 'charge' } },
    });
  });

  it.each([
    ['kwd', 18_605],
    ['bhd', 10_001],
    ['jod', 10_001],
    ['omr', 10_001],
    ['tnd', 10_001],
    ['isk', 150],
    ['ugx', 150],
    ['usd', 49],
    ['usd', 100_000_000],
    ['xyz', 1000],
  ])('refuses %s %d, as Stripe does, and leaves nothing behind', async (currency, amount) => {
    const { customer } = await aCustomer(at.stripe);
    expect(await failureOf(at.stripe.paymentIntents.create({ amount, currency, customer }))).toMatchObject({ statusCode: 400 });
    expect((await at.stripe.paymentIntents.list({ customer })).data).toEqual([]);
  });

  it.each([
    ['kwd', 18_600],
    ['isk', 100],
    ['idr', 999_999_999_999],
  ])('takes %s %d', async (currency, amount) => {
    const { customer } = await aCustomer(at.stripe);
    expect(await at.stripe.paymentIntents.create({ amount, currency, customer })).toMatchObject({ amount, currency });
  });

  it('goes step by step: without a method, confirmed later, canceled', async () => {
    const { customer, method } = await aCustomer(at.stripe);
    const made = await at.stripe.paymentIntents.create({ amount: 700, currency: 'eur', customer });
    expect(made.status).toBe('requires_payment_method');
    const updated = await at.stripe.paymentIntents.update(made.id, { payment_method: method, metadata: { step: '2' } });
    expect(updated).toMatchObject({ status: 'requires_confirmation', metadata: { step: '2' } });
    expect((await at.stripe.paymentIntents.confirm(made.id)).status).toBe('succeeded');
    const other = await at.stripe.paymentIntents.create({ amount: 700, currency: 'eur', customer });
    expect(await at.stripe.paymentIntents.cancel(other.id, { cancellation_reason: 'abandoned' })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
    });
    expect(await failureOf(at.stripe.paymentIntents.cancel(made.id))).toMatchObject({ code: 'payment_intent_unexpected_state' });
    expect(await failureOf(at.stripe.paymentIntents.confirm(other.id))).toMatchObject({ code: 'payment_intent_unexpected_state' });
  });

  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_authenticationRequired', 'authentication_required', 'authentication_required'],
  ])('declines %s with %s / %s and leaves the intent open for another method', async (token, code, declineCode) => {
    const payer = await aCustomer(at.stripe, token);
    const error = await failureOf(at.stripe.paymentIntents.create(offSession(payer)));
    expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code: declineCode });
    const open = await at.stripe.paymentIntents.retrieve(String(error.payment_intent?.id), { expand: ['latest_charge'] });
    expect(open).toMatchObject({
      status: 'requires_payment_method',
      amount_received: 0,
      payment_method: null,
      last_payment_error: { code, decline_code: declineCode, payment_method: { id: payer.method } },
      latest_charge: { status: 'failed', captured: false, failure_code: code },
    });
    const good = await at.stripe.paymentMethods.attach('pm_card_mastercard', { customer: payer.customer });
    const paid = await at.stripe.paymentIntents.confirm(open.id, { payment_method: good.id, off_session: true });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('captures once however many confirm the same intent', async () => {
    const { customer, method } = await aCustomer(at.stripe);
    const intent = await at.stripe.paymentIntents.create({ amount: 900, currency: 'usd', customer, payment_method: method });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => at.stripe.paymentIntents.confirm(intent.id)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(await capturedCharges(intent.id)).toHaveLength(1);
  });

  it('asks for 3-D Secure on-session, and pays or fails by what the cardholder does', async () => {
    const { customer, method } = await aCustomer(at.stripe, 'pm_card_authenticationRequired');
    const ask = () =>
      at.stripe.paymentIntents.create({
        amount: 900,
        currency: 'usd',
        customer,
        payment_method: method,
        confirm: true,
        return_url: 'https://example.com/',
      });
    const [one, other] = [await ask(), await ask()];
    expect(one).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    await at.control('POST', `/payment_intents/${one.id}/authenticate`, { outcome: 'succeed' });
    await at.control('POST', `/payment_intents/${other.id}/authenticate`, { outcome: 'fail' });
    expect((await at.stripe.paymentIntents.retrieve(one.id)).status).toBe('succeeded');
    expect(await at.stripe.paymentIntents.retrieve(other.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  it('authorizes, captures in part and gives back no more than that', async () => {
    const payer = await aCustomer(at.stripe);
    const held = await at.stripe.paymentIntents.create({ ...offSession(payer, 1000), capture_method: 'manual' });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1000, amount_received: 0 });
    expect(await failureOf(at.stripe.refunds.create({ payment_intent: held.id }))).toMatchObject({ statusCode: 400 });
    const captured = await at.stripe.paymentIntents.capture(held.id, { amount_to_capture: 600 });
    expect(captured).toMatchObject({ status: 'succeeded', amount_received: 600 });
    expect(await failureOf(at.stripe.refunds.create({ payment_intent: held.id, amount: 601 }))).toMatchObject({ param: 'amount' });
    const released = await at.stripe.paymentIntents.create({ ...offSession(payer, 1000), capture_method: 'manual' });
    expect((await at.stripe.paymentIntents.cancel(released.id)).status).toBe('canceled');
    expect(await capturedCharges(released.id)).toEqual([]);
  });

  it.each<[string, Partial<Stripe.PaymentIntentCreateParams>, object]>([
    ['an amount that is no integer', { amount: 12.5 }, { code: 'parameter_invalid_integer', param: 'amount' }],
    ['an amount below the minimum', { amount: 49 }, { code: 'amount_too_small' }],
    ['an amount above the maximum', { amount: 100_000_000 }, { code: 'amount_too_large' }],
    ['a currency that there is not', { currency: 'zzz' }, { param: 'currency' }],
    ['a customer that there is not', { customer: 'cus_nobody' }, { code: 'resource_missing', param: 'customer' }],
    ['a method that there is not', { payment_method: 'pm_nothing' }, { code: 'resource_missing', param: 'payment_method' }],
    ['off_session without confirm', { confirm: false }, { param: 'off_session' }],
  ])('refuses %s and keeps nothing of it', async (_what, wrong, expected) => {
    const payer = await aCustomer(at.stripe);
    const error = await failureOf(at.stripe.paymentIntents.create({ ...offSession(payer), ...wrong }));
    expect(error).toMatchObject({ type: 'StripeInvalidRequestError', statusCode: 400, ...expected });
    expect((await at.stripe.paymentIntents.list({ customer: payer.customer })).data).toEqual([]);
  });

  it("refuses another customer's method", async () => {
    const [one, other] = [await aCustomer(at.stripe), await aCustomer(at.stripe)];
    const error = await failureOf(at.stripe.paymentIntents.create(offSession({ customer: one.customer, method: other.method })));
    expect(error).toMatchObject({ code: 'resource_missing', param: 'payment_method' });
  });

  it('lists by customer and time, page by page, without gap or repetition', async () => {
    const payer = await aCustomer(at.stripe);
    const made: string[] = [];
    for (let amount = 100; amount < 125; amount += 1) made.push((await at.stripe.paymentIntents.create(offSession(payer, amount))).id);
    const first = await at.stripe.paymentIntents.list({ customer: payer.customer, limit: 10 });
    expect(first.has_more).toBe(true);
    const walked: string[] = [];
    for await (const intent of at.stripe.paymentIntents.list({ customer: payer.customer, limit: 10 })) walked.push(intent.id);
    expect(walked).toEqual(made.toReversed());
    const newest = first.data[0];
    const before = await at.stripe.paymentIntents.list({ customer: payer.customer, limit: 10, ending_before: first.data[3]?.id });
    expect(before.data.map((each) => each.id)).toEqual(walked.slice(0, 3));
    const later = { gt: Number(newest?.created) };
    expect((await at.stripe.paymentIntents.list({ customer: payer.customer, created: later })).data).toEqual([]);
    const upTo = { gte: Number(newest?.created) - 60, lte: Number(newest?.created) };
    expect((await at.stripe.paymentIntents.list({ customer: payer.customer, created: upTo, limit: 100 })).data).toHaveLength(25);
  });

  it('finds an intent by its metadata, current ones only', async () => {
    const payer = await aCustomer(at.stripe);
    const intent = await at.stripe.paymentIntents.create({ ...offSession(payer), metadata: { payment: 'p-77' } });
    const query = "metadata['payment']:'p-77' AND status:'succeeded'";
    expect((await at.stripe.paymentIntents.search({ query })).data.map((each) => each.id)).toEqual([intent.id]);
    await at.stripe.paymentIntents.update(intent.id, { metadata: { payment: 'p-78' } });
    expect((await at.stripe.paymentIntents.search({ query })).data).toEqual([]);
  });

  it('answers 401 without a key and 404 for an unknown URL', async () => {
    const guarded = await aSimulator({ apiKey: 'sk_test_the_one' });
    expect(await failureOf(guarded.connect('sk_test_another').customers.list())).toMatchObject({ type: 'StripeAuthenticationError' });
    expect((await guarded.connect('sk_test_the_one').customers.list()).data).toEqual([]);
    expect(await failureOf(at.stripe.products.list())).toMatchObject({ statusCode: 404 });
    expect(await failureOf(at.stripe.paymentIntents.retrieve('pi_nothing'))).toMatchObject({ statusCode: 404, code: 'resource_missing' });
  });
});
