import { aCustomer, aSimulator, failureOf, type Running, stopAll } from '../simulator.examples.js';

describe('customers and their payment methods', () => {
  let at: Running;
  beforeAll(async () => {
    at = await aSimulator();
  });
  afterAll(stopAll);

  it('creates, updates, retrieves and deletes a customer', async () => {
    const { stripe } = at;
    const made = await stripe.customers.create({ email: 'ada@example.com', name: 'Ada', metadata: { account: 'a-1', tier: 'gold' } });
    await stripe.customers.update(made.id, { name: 'Ada L.', metadata: { tier: '' } });
    expect(await stripe.customers.retrieve(made.id)).toMatchObject({
      name: 'Ada L.',
      email: 'ada@example.com',
      metadata: { account: 'a-1' },
    });
    expect(await stripe.customers.del(made.id)).toMatchObject({ id: made.id, deleted: true });
    expect(await stripe.customers.retrieve(made.id)).toEqual({ id: made.id, object: 'customer', deleted: true });
    expect((await failureOf(stripe.customers.update(made.id, { name: 'x' }))).code).toBe('resource_missing');
  });

  it('makes a new method of its own for each attached test token', async () => {
    const { stripe } = at;
    const { customer, method } = await aCustomer(stripe);
    const second = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    expect(method).toMatch(/^pm_[0-9A-Za-z]{24}$/);
    expect(second.id).not.toBe(method);
    expect(second).toMatchObject({ customer, type: 'card', card: { brand: 'visa', last4: '4242' } });
    const listed = await stripe.paymentMethods.list({ customer, type: 'card' });
    expect(listed.data.map((each) => each.id)).toEqual([second.id, method]);
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(2);
  });

  it('attaches cards that decline only when they are charged', async () => {
    const { customer } = await aCustomer(at.stripe, 'pm_card_chargeDeclined');
    expect((await at.stripe.paymentMethods.list({ customer })).data).toHaveLength(1);
  });

  it('refuses a token that no test card has', async () => {
    const { id } = await at.stripe.customers.create();
    expect(await failureOf(at.stripe.paymentMethods.attach('pm_card_nonsense', { customer: id }))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  it('never takes a detached method again', async () => {
    const { stripe } = at;
    const { customer, method } = await aCustomer(stripe);
    await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method } });
    expect((await stripe.paymentMethods.detach(method)).customer).toBeNull();
    expect((await stripe.paymentMethods.list({ customer })).data).toEqual([]);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ invoice_settings: { default_payment_method: null } });
    expect((await failureOf(stripe.paymentMethods.attach(method, { customer }))).message).toMatch(/may not be used again/);
  });

  it('does not attach a method of one customer to another', async () => {
    const [one, other] = [await aCustomer(at.stripe), await aCustomer(at.stripe)];
    const error = await failureOf(at.stripe.paymentMethods.attach(one.method, { customer: other.customer }));
    expect(error.message).toMatch(/already been attached/);
  });

  it('finds customers by metadata', async () => {
    const made = await at.stripe.customers.create({ metadata: { account: 'only-me' } });
    const found = await at.stripe.customers.search({ query: "metadata['account']:'only-me'" });
    expect(found.data.map((each) => each.id)).toEqual([made.id]);
  });
});
