import Stripe from 'stripe';
import { PaymentStage } from './payments.stage.js';

let stage: PaymentStage;
let stripe: Stripe;
beforeAll(async () => {
  stage = await PaymentStage.open();
  const { host, port } = stage.platform.simulator;
  stripe = new Stripe('sk_test_specs', { host, port, protocol: 'http', telemetry: false });
});
afterEach(() => stage.calm());
afterAll(() => stage.close());

const ada = { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD' };
const nobodys = { token: 'pm_card_nobody_has' };
const visa = { token: 'pm_card_visa' };

const accountWithout = async (): Promise<string> => (await stage.platform.post('/v1/accounts', ada).expect(201)).body.id;
const addMethod = (id: string, token = visa) => stage.platform.post(`/v1/accounts/${id}/payment-methods`, token);
const customersOf = async (accountId: string) =>
  (await stripe.customers.list({ limit: 100 })).data.filter(({ metadata }) => metadata.accountId === accountId);

describe('the customer of an account at the gateway', () => {
  it('is one, though a method was refused and name and e-mail changed before a good one came', async () => {
    const id = await accountWithout();
    await addMethod(id, nobodys).expect(422);
    await stage.platform.patch(`/v1/accounts/${id}`, { name: 'Ada King', email: 'ada@example.org' }).expect(200);
    await addMethod(id).expect(201);
    await stage.platform.settle();
    expect(await customersOf(id)).toMatchObject([{ name: 'Ada King', email: 'ada@example.org' }]);
  });

  it('is one, though the request that makes the account is repeated with a corrected name', async () => {
    const make = (body: object) => stage.platform.post('/v1/accounts', body).set('Idempotency-Key', 'corrected');
    await make({ ...ada, name: 'Ad', paymentMethod: nobodys }).expect(422);
    const { body } = await make({ ...ada, paymentMethod: visa }).expect(201);
    await stage.platform.settle();
    expect(await customersOf(body.id)).toMatchObject([{ name: 'Ada Lovelace' }]);
  });

  it('is one, however many requests make the account at once', async () => {
    const make = () => stage.platform.post('/v1/accounts', { ...ada, paymentMethod: visa }).set('Idempotency-Key', 'fifty');
    await stage.fault({ kind: 'delay', ms: 200, method: 'POST', path: '/v1/customers' });
    const answers = await Promise.all(Array.from({ length: 50 }, make));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`))).toEqual(new Set([`201 ${answers[0]!.body.id}`]));
    expect(await customersOf(answers[0]!.body.id)).toHaveLength(1);
  });

  it('is one, however many methods are added at once to an account that had none', async () => {
    const id = await accountWithout();
    const answers = await Promise.all(Array.from({ length: 10 }, () => addMethod(id)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(await customersOf(id)).toHaveLength(1);
  });

  it('follows a changed name and e-mail, and no other change', async () => {
    const { id } = await stage.story.account();
    await stage.platform.settle();
    expect(await customersOf(id)).toMatchObject([{ name: 'Ada', email: 'ada@example.com' }]);
    await stage.platform.patch(`/v1/accounts/${id}`, { name: 'Ada King', country: 'GB' }).expect(200);
    expect(await stage.jobs('payments.update-customer')).toBe(1);
    await stage.platform.settle();
    expect(await customersOf(id)).toMatchObject([{ name: 'Ada King', email: 'ada@example.com' }]);
    await stage.platform.patch(`/v1/accounts/${id}`, { country: 'DE' }).expect(200);
    expect(await stage.jobs('payments.update-customer')).toBe(0);
  });

  it('is made anew with the next method after it was deleted there, and pays again', async () => {
    const { invoiceId, accountId } = await stage.invoice();
    const [first] = await customersOf(accountId);
    await stripe.customers.del(first!.id);
    await stage.platform.settle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed', failure: { code: 'resource_missing' } }]);
    await stage.platform.patch(`/v1/accounts/${accountId}`, { name: 'Ada King' }).expect(200);
    await stage.platform.settle();
    await stage.platform.post(`/v1/accounts/${accountId}/payment-methods`, { ...visa, isDefault: true }).expect(201);
    await stage.platform.post('/v1/payments/retry', { invoiceId }).expect(201);
    await stage.platform.settle();
    expect(await stage.payments(invoiceId)).toMatchObject([{ status: 'failed' }, { status: 'succeeded' }]);
    expect(await customersOf(accountId)).toMatchObject([{ name: 'Ada King' }]);
    expect(await stage.jobs('payments.update-customer')).toBe(0);
  });

  it('is made anew as often as it is deleted', async () => {
    const id = await accountWithout();
    await addMethod(id, nobodys).expect(422);
    for (let round = 0; round < 2; round += 1) {
      const [customer] = await customersOf(id);
      await stripe.customers.del(customer!.id);
      await addMethod(id, nobodys).expect(422);
    }
    await addMethod(id).expect(201);
    expect(await customersOf(id)).toHaveLength(1);
  });

  it('keeps no method that the account has removed', async () => {
    const { id } = await stage.story.account();
    const { body: second } = await addMethod(id, { token: 'pm_card_mastercard' }).expect(201);
    const [customer] = await customersOf(id);
    const brands = async () => (await stripe.paymentMethods.list({ customer: customer!.id })).data.map(({ card }) => card!.brand).sort();
    expect(await brands()).toEqual(['mastercard', 'visa']);
    await stage.platform.delete(`/v1/accounts/${id}/payment-methods/${second.id}`).expect(204);
    await stage.platform.settle();
    expect(await brands()).toEqual(['visa']);
    expect(await stage.jobs('payments.detach-method')).toBe(0);
  });
});
