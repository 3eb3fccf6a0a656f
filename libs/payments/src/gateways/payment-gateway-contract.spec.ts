import { type AccountId, derivedId, type InvoiceId, newId, type PaymentId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { type Simulator, startSimulator } from '../../../../apps/simulator/src/simulator.js';
import type { GatewayMethod } from '../payment/payment.events.js';
import {
  GatewayCustomerMissing,
  GatewayOutcomeUnknown,
  GatewayRefused,
  GatewayUnavailable,
  type IntentRequest,
  type PaymentGateway,
} from './payment-gateway.js';
import { StripeGateway, stripeClient } from './stripe.gateway.js';

/** Where the gateway's own books can be read, and its failures asked for. */
interface Stage {
  readonly gateway: PaymentGateway;
  /** Waits for an answer for half a second only: for answers that never come. */
  readonly impatient: PaymentGateway;
  readonly wrongKey: PaymentGateway;
  fault(rule: object): Promise<void>;
  /** The next request is refused, for a reason that says nothing of what there is. */
  refuse(): Promise<void>;
  customer(customerId: string): Promise<{ email: string; name: string }>;
  deleteCustomer(customerId: string): Promise<void>;
  charges(paymentId: string): Promise<{ intents: number; captured: number; amount: number }>;
  stop(): Promise<void>;
}

/** What every gateway must do, whoever stands behind it. */
function paymentGatewayContract(name: string, start: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await start();
    });
    afterAll(() => stage.stop());

    async function customer(token: string): Promise<GatewayMethod> {
      const accountId: AccountId = newId();
      const customerId = await stage.gateway.createCustomer(accountId, `${accountId}/customer`);
      return (await stage.gateway.attachMethod(customerId, token, `${accountId}/attach`)).gateway;
    }

    async function requestWith(token = 'pm_card_visa'): Promise<IntentRequest> {
      const invoiceId: InvoiceId = newId();
      const paymentId: PaymentId = derivedId(invoiceId, 'attempt/1');
      const amount = Money.of(2900n, 'USD');
      return { key: `${paymentId}/create`, paymentId, invoiceId, accountId: newId(), amount, method: await customer(token) };
    }

    const opened = async (token?: string) => {
      const request = await requestWith(token);
      return { request, intent: await stage.gateway.openIntent(request) };
    };
    const confirm = (intentId: string, gateway = stage.gateway) => gateway.confirmIntent(intentId, `${intentId}/confirm`);
    const meeting = ({ kind }: { kind: string }) => (kind.startsWith('timeout') ? stage.impatient : stage.gateway);

    describe('opening an intent', () => {
      it('charges nothing', async () => {
        const { request, intent } = await opened();
        expect(intent).toMatchObject({ paymentId: request.paymentId, amount: request.amount, state: { status: 'unconfirmed' } });
        expect(await stage.charges(request.paymentId)).toEqual({ intents: 1, captured: 0, amount: 0 });
      });

      it('makes one intent under one key', async () => {
        const { request, intent } = await opened();
        expect((await stage.gateway.openIntent(request)).intentId).toBe(intent.intentId);
        expect(await stage.charges(request.paymentId)).toMatchObject({ intents: 1 });
      });

      it('leaves it open what became of a key that was used for another request', async () => {
        const { request } = await opened();
        const other = { ...request, amount: Money.of(3000n, 'USD') };
        await expect(stage.gateway.openIntent(other)).rejects.toThrow(GatewayOutcomeUnknown);
      });

      it('is refused for a method that is not the customer’s', async () => {
        const request = await requestWith();
        const stranger = { ...request.method, methodId: (await customer('pm_card_visa')).methodId };
        await expect(stage.gateway.openIntent({ ...request, method: stranger })).rejects.toThrow(GatewayRefused);
      });
    });

    describe('confirming an intent', () => {
      it('charges it once, however often it is confirmed', async () => {
        const { request, intent } = await opened();
        const succeeded = { status: 'succeeded', chargeId: expect.any(String), amount: request.amount };
        expect((await confirm(intent.intentId)).state).toEqual(succeeded);
        expect((await confirm(intent.intentId)).state).toEqual(succeeded);
        expect((await stage.gateway.confirmIntent(intent.intentId, 'another key')).state).toEqual(succeeded);
        expect(await stage.charges(request.paymentId)).toEqual({ intents: 1, captured: 1, amount: 2900 });
      });

      it.each([
        ['pm_card_chargeDeclined', 'generic_decline', false],
        ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds', false],
        ['pm_card_chargeDeclinedProcessingError', 'processing_error', false],
        ['pm_card_chargeDeclinedLostCard', 'lost_card', true],
        ['pm_card_chargeDeclinedStolenCard', 'stolen_card', true],
        ['pm_card_chargeDeclinedExpiredCard', 'expired_card', true],
        ['pm_card_threeDSecure2Required', 'authentication_required', false],
      ])('answers a decline of %s as a fact', async (token, code, hard) => {
        const { request, intent } = await opened(token);
        const failed = { status: 'failed', failure: { code, message: expect.any(String), hard } };
        expect((await confirm(intent.intentId)).state).toEqual(failed);
        expect((await stage.gateway.intent(intent.intentId))?.state).toEqual(failed);
        expect(await stage.charges(request.paymentId)).toMatchObject({ captured: 0 });
      });
    });

    describe('canceling an intent', () => {
      it('keeps it from being charged for ever', async () => {
        const { request, intent } = await opened();
        expect((await stage.gateway.cancelIntent(intent.intentId, `${intent.intentId}/cancel`)).state).toEqual({ status: 'canceled' });
        expect((await confirm(intent.intentId)).state).toEqual({ status: 'canceled' });
        expect(await stage.charges(request.paymentId)).toMatchObject({ captured: 0 });
      });

      it('says so when it comes too late', async () => {
        const { intent } = await opened();
        await confirm(intent.intentId);
        expect((await stage.gateway.cancelIntent(intent.intentId, `${intent.intentId}/cancel`)).state).toMatchObject({
          status: 'succeeded',
        });
      });
    });

    describe.each([
      ['the answer does not come', { kind: 'timeout_after', ms: 1500 }],
      ['the connection is closed after acting, twice', { kind: 'reset_after', times: 2 }],
      ['the gateway fails after acting', { kind: 'error_after' }],
    ])('when %s', (_, fault) => {
      it('the intent can be found by the payment it is for', async () => {
        const request = await requestWith();
        await stage.fault({ ...fault, path: '/v1/payment_intents', metadata: { paymentId: request.paymentId } });
        await expect(meeting(fault).openIntent(request)).rejects.toThrow(GatewayOutcomeUnknown);
        const found = await stage.gateway.intentOfPayment(request.method.customerId, request.paymentId);
        expect(found).toMatchObject({ paymentId: request.paymentId, state: { status: 'unconfirmed' } });
        expect(await stage.charges(request.paymentId)).toMatchObject({ intents: 1 });
      });

      it('the charge is known by asking, and is not made again', async () => {
        const { request, intent } = await opened();
        await stage.fault({ ...fault, path: '/v1/payment_intents/*/confirm', metadata: { paymentId: request.paymentId } });
        await expect(confirm(intent.intentId, meeting(fault))).rejects.toThrow(GatewayOutcomeUnknown);
        expect((await stage.gateway.intent(intent.intentId))?.state).toMatchObject({ status: 'succeeded' });
        expect(await stage.charges(request.paymentId)).toEqual({ intents: 1, captured: 1, amount: 2900 });
      });
    });

    it.each([
      ['no answer comes', { kind: 'timeout_before', ms: 1500 }, GatewayOutcomeUnknown],
      ['the gateway fails', { kind: 'error_before' }, GatewayOutcomeUnknown],
      ['a request with the key is still running', { kind: 'key_in_use' }, GatewayOutcomeUnknown],
      ['there are too many requests', { kind: 'rate_limit' }, GatewayUnavailable],
    ])('tells what is unknown from what was not done: when %s', async (_, fault, kind) => {
      const { request, intent } = await opened();
      await stage.fault({ ...fault, path: '/v1/payment_intents/*/confirm', metadata: { paymentId: request.paymentId } });
      await expect(confirm(intent.intentId, meeting(fault))).rejects.toThrow(kind);
      expect(await stage.charges(request.paymentId)).toMatchObject({ captured: 0 });
      expect((await confirm(intent.intentId)).state).toMatchObject({ status: 'succeeded' });
      expect(await stage.charges(request.paymentId)).toEqual({ intents: 1, captured: 1, amount: 2900 });
    });

    it('knows nothing of what it never made', async () => {
      const request = await requestWith();
      expect(await stage.gateway.intent('pi_never_made')).toBeNull();
      expect(await stage.gateway.intentOfPayment(request.method.customerId, request.paymentId)).toBeNull();
      expect(await stage.gateway.charge('ch_never_made')).toBeNull();
    });

    it('finds the intent of a payment among many of the same customer', async () => {
      const { request, intent } = await opened();
      for (let index = 0; index < 120; index += 1) {
        const paymentId: PaymentId = newId();
        await stage.gateway.openIntent({ ...request, paymentId, key: `${paymentId}/create` });
      }
      expect((await stage.gateway.intentOfPayment(request.method.customerId, request.paymentId))?.intentId).toBe(intent.intentId);
    });

    it('tells what a charge took', async () => {
      const { request, intent } = await opened();
      const { state } = await confirm(intent.intentId);
      if (state.status !== 'succeeded') throw new Error(`The intent is ${state.status}.`);
      expect(await stage.gateway.charge(state.chargeId)).toEqual({
        objectId: state.chargeId,
        customerId: request.method.customerId,
        amount: request.amount,
      });
    });

    it('is not available to a wrong key, which is no failure of the payment', async () => {
      await expect(stage.wrongKey.openIntent(await requestWith())).rejects.toThrow(GatewayUnavailable);
    });

    it('makes one customer under one key, and shows no more of a card than may be shown', async () => {
      const accountId: AccountId = newId();
      const create = () => stage.gateway.createCustomer(accountId, `${accountId}/customer`);
      const customerId = await create();
      expect(await create()).toBe(customerId);
      expect(await stage.gateway.attachMethod(customerId, 'pm_card_visa', `${accountId}/attach`)).toEqual({
        gateway: { gateway: stage.gateway.name, customerId, methodId: expect.stringMatching(/^pm_/) },
        type: 'card',
        brand: 'visa',
        last4: '4242',
        expMonth: expect.any(Number),
        expYear: expect.any(Number),
      });
    });

    it('makes one customer and attaches one method, however many ask at once while the first is slow', async () => {
      const accountId: AccountId = newId();
      await stage.fault({ kind: 'delay', ms: 300, path: '/v1/customers', metadata: { accountId } });
      const customers = Array.from({ length: 5 }, () => stage.gateway.createCustomer(accountId, `${accountId}/customer`));
      const [customerId, ...others] = await Promise.all(customers);
      expect(new Set([customerId, ...others]).size).toBe(1);
      const methods = Array.from({ length: 5 }, () => stage.gateway.attachMethod(customerId!, 'pm_card_visa', `${accountId}/attach`));
      expect(new Set((await Promise.all(methods)).map(({ gateway }) => gateway.methodId)).size).toBe(1);
    });

    it('is told who a customer is, as often as that changes', async () => {
      const { customerId } = await customer('pm_card_visa');
      for (const name of ['Ada', 'Ada King', 'Ada']) {
        await stage.gateway.updateCustomer(customerId, { email: 'ada@example.com', name });
        expect(await stage.customer(customerId)).toEqual({ email: 'ada@example.com', name });
      }
    });

    it('says of a customer that was deleted that it is missing, and refuses to charge it', async () => {
      const request = await requestWith();
      const { customerId } = request.method;
      await stage.deleteCustomer(customerId);
      const contact = { email: 'ada@example.com', name: 'Ada' };
      await expect(stage.gateway.updateCustomer(customerId, contact)).rejects.toThrow(GatewayCustomerMissing);
      await expect(stage.gateway.attachMethod(customerId, 'pm_card_visa', newId())).rejects.toThrow(GatewayCustomerMissing);
      await expect(stage.gateway.openIntent(request)).rejects.toMatchObject({ failure: { hard: true } });
    });

    it('keeps nobody that it was told to delete, which may be asked for twice', async () => {
      const { customerId } = await customer('pm_card_visa');
      for (let time = 0; time < 2; time += 1) await stage.gateway.deleteCustomer(customerId);
      const contact = { email: 'ada@example.com', name: 'Ada' };
      await expect(stage.gateway.updateCustomer(customerId, contact)).rejects.toThrow(GatewayCustomerMissing);
    });

    it('charges a method no more that was detached, which may be asked for twice', async () => {
      const request = await requestWith();
      await stage.gateway.detachMethod(request.method.methodId);
      await stage.gateway.detachMethod(request.method.methodId);
      await stage.gateway.detachMethod('pm_never_made');
      await expect(stage.gateway.openIntent(request)).rejects.toThrow(GatewayRefused);
    });

    it('does not take a detachment that fails for one that was done', async () => {
      const { methodId } = await customer('pm_card_visa');
      await stage.fault({ kind: 'error_before', path: `/v1/payment_methods/${methodId}/detach` });
      await expect(stage.gateway.detachMethod(methodId)).rejects.toThrow(GatewayOutcomeUnknown);
    });

    it.each([
      ['charge', () => stage.gateway.charge('ch_1')],
      ['intent', () => stage.gateway.intent('pi_1')],
    ])('does not take a refusal for the answer that there is no %s', async (_, ask) => {
      await stage.refuse();
      await expect(ask()).rejects.toThrow(GatewayRefused);
    });

    it('refuses a token that it does not know', async () => {
      const { customerId } = await customer('pm_card_visa');
      await expect(stage.gateway.attachMethod(customerId, 'pm_card_of_nobody', `${customerId}/other`)).rejects.toThrow(GatewayRefused);
    });
  });
}

paymentGatewayContract('Stripe, as the simulator speaks it', async () => {
  const simulator: Simulator = await startSimulator({ stateFile: ':memory:', apiKey: 'sk_test_specs' });
  const { host, port } = simulator;
  const client = (apiKey: string, timeoutMs?: number) => stripeClient({ apiKey, host, port, protocol: 'http', timeoutMs });
  const gateway = (apiKey: string, timeoutMs?: number) => new StripeGateway(client(apiKey, timeoutMs));
  const direct = client('sk_test_specs');
  const fault = async (rule: object) => {
    const answer = await fetch(`${simulator.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(rule) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  return {
    gateway: gateway('sk_test_specs'),
    impatient: gateway('sk_test_specs', 500),
    wrongKey: gateway('sk_test_wrong'),
    fault,
    refuse: () => fault({ kind: 'error_before', status: 400 }),
    customer: async (customerId) => {
      const customer = await direct.customers.retrieve(customerId);
      if (customer.deleted) throw new Error(`The customer ${customerId} is deleted.`);
      return { email: customer.email!, name: customer.name! };
    },
    deleteCustomer: async (customerId) => void (await direct.customers.del(customerId)),
    charges: async (paymentId) => {
      const answer = await fetch(`${simulator.url}/_simulator/state?metadata[paymentId]=${paymentId}`);
      const { payment_intents: intents } = (await answer.json()) as {
        payment_intents: { capturedCharges: number; amountCaptured: number }[];
      };
      const sum = (of: (intent: (typeof intents)[number]) => number) => intents.reduce((total, intent) => total + of(intent), 0);
      return {
        intents: intents.length,
        captured: sum(({ capturedCharges }) => capturedCharges),
        amount: sum(({ amountCaptured }) => amountCaptured),
      };
    },
    stop: () => simulator.stop(),
  };
});
