import { aCustomer, aSimulator, failureOf, offSession, type Running, stopAll } from '../simulator.examples.js';

describe('refunds and the balance', () => {
  let at: Running;
  beforeAll(async () => {
    at = await aSimulator();
  });
  afterAll(stopAll);

  it('gives back in parts, up to what was captured and not beyond', async () => {
    const { stripe } = at;
    const paid = await stripe.paymentIntents.create(offSession(await aCustomer(stripe), 1000));
    const part = await stripe.refunds.create({ payment_intent: paid.id, amount: 300, metadata: { credit_note: 'CN-1' } });
    expect(part).toMatchObject({
      amount: 300,
      status: 'succeeded',
      currency: 'usd',
      charge: paid.latest_charge,
      metadata: { credit_note: 'CN-1' },
    });
    expect((await failureOf(stripe.refunds.create({ payment_intent: paid.id, amount: 701 }))).message).toMatch(/greater than unrefunded/);
    await stripe.refunds.create({ charge: String(paid.latest_charge) });
    expect(await stripe.charges.retrieve(String(paid.latest_charge))).toMatchObject({ amount_refunded: 1000, refunded: true });
    expect((await failureOf(stripe.refunds.create({ payment_intent: paid.id }))).code).toBe('charge_already_refunded');
    const listed = await stripe.refunds.list({ payment_intent: paid.id });
    expect(listed.data.map((each) => each.amount)).toEqual([700, 300]);
    expect((await stripe.refunds.retrieve(part.id)).id).toBe(part.id);
  });

  it('refunds nothing that was not paid', async () => {
    const open = await at.stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
    expect((await failureOf(at.stripe.refunds.create({ payment_intent: open.id }))).code).toBe('payment_intent_unexpected_state');
    expect((await failureOf(at.stripe.refunds.create({ payment_intent: 'pi_nothing' }))).code).toBe('resource_missing');
  });

  it('refunds once however many ask at the same time', async () => {
    const paid = await at.stripe.paymentIntents.create(offSession(await aCustomer(at.stripe), 1000));
    await Promise.allSettled(Array.from({ length: 10 }, () => at.stripe.refunds.create({ payment_intent: paid.id, amount: 400 })));
    expect((await at.stripe.refunds.list({ payment_intent: paid.id })).data).toHaveLength(2);
  });

  it('books every charge and refund, so that the sums agree', async () => {
    const own = await aSimulator();
    const payer = await aCustomer(own.stripe);
    const paid = await own.stripe.paymentIntents.create(offSession(payer, 1000));
    await own.stripe.paymentIntents.create(offSession(payer, 2500));
    await own.stripe.refunds.create({ payment_intent: paid.id, amount: 250 });
    const booked = await own.stripe.balanceTransactions.list();
    expect(booked.data.map(({ type, amount }) => [type, amount])).toEqual([
      ['refund', -250],
      ['charge', 2500],
      ['charge', 1000],
    ]);
    expect((await own.stripe.balanceTransactions.list({ type: 'refund' })).data).toHaveLength(1);
    expect((await own.stripe.balanceTransactions.list({ source: String(paid.latest_charge) })).data).toHaveLength(1);
    expect((await own.control('GET', '/totals')).body).toMatchObject({ usd: { captured: 3500, refunded: 250, charges: 2, refunds: 1 } });
  });

  it('lets a refund wait, and fail later with the money back in the balance', async () => {
    const { stripe, control } = at;
    const paid = await stripe.paymentIntents.create(offSession(await aCustomer(stripe, 'pm_card_pendingRefund'), 1000));
    const waiting = await stripe.refunds.create({ payment_intent: paid.id });
    expect(waiting.status).toBe('pending');
    await control('POST', `/refunds/${waiting.id}/settle`, { outcome: 'succeed' });
    expect((await stripe.refunds.retrieve(waiting.id)).status).toBe('succeeded');
    await control('POST', `/refunds/${waiting.id}/settle`, { outcome: 'fail' });
    expect(await stripe.refunds.retrieve(waiting.id, { expand: ['failure_balance_transaction'] })).toMatchObject({
      status: 'failed',
      failure_balance_transaction: { amount: 1000, type: 'refund_failure' },
    });
    expect(await stripe.charges.retrieve(String(paid.latest_charge))).toMatchObject({ amount_refunded: 0, refunded: false });
  });
});
