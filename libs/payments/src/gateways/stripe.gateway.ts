import Stripe from 'stripe';
import type { AccountId, PaymentId } from '#kernel/ids.js';
import { epochMs, type Instant } from '#kernel/instant.js';
import {
  type AttachedMethod,
  type CustomerContact,
  GatewayCustomerMissing,
  type GatewayEvent,
  type GatewayMovement,
  GatewayRefused,
  type Intent,
  type IntentRequest,
  type IntentState,
  PaymentGateway,
  type SeenCharge,
  type TimeRange,
} from './payment-gateway.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';
import { failureOf, translated } from './stripe-failures.js';
import { pointedTo } from './stripe-webhooks.js';

export interface StripeAddress {
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly timeoutMs?: number;
}

/** News of money; all else that happens at Stripe is left there. A list takes up to 20 of them. */
const EVENTS_OF_MONEY = [
  ...['payment_intent.succeeded', 'payment_intent.payment_failed', 'payment_intent.canceled', 'charge.succeeded', 'charge.refunded'],
  ...['refund.created', 'refund.updated', 'refund.failed'],
];

const PAGE = 100;

/**
 * Calls that a person waits for have no job that would repeat them. The SDK may: under the same key, after half a second and
 * more, what was not answered, what failed there, and what another request with the key or the customer still does.
 */
const WHILE_SOMEBODY_WAITS = { maxNetworkRetries: 3, timeout: 10_000 } as const;

/** How this gateway is named in what is stored. */
export const STRIPE = 'stripe';

/** Longer than Stripe takes with a slow bank; what takes longer still is `unknown` and asked about. */
const TIMEOUT_MS = 20_000;

/** The SDK does not retry by itself (but once on a closed connection, with the key it was given): the job does, knowing the state. */
export function stripeClient({ apiKey, host, port, protocol, timeoutMs = TIMEOUT_MS }: StripeAddress): Stripe {
  return new Stripe(apiKey, { host, port, protocol, timeout: timeoutMs, maxNetworkRetries: 0, telemetry: false });
}

/** Stripe, or whatever speaks its HTTP at the configured address. */
export class StripeGateway extends PaymentGateway {
  override readonly name = STRIPE;

  constructor(private readonly stripe: Stripe) {
    super();
  }

  async openIntent({ key, paymentId, invoiceId, accountId, amount, method }: IntentRequest): Promise<Intent> {
    const params: Stripe.PaymentIntentCreateParams = {
      amount: toStripeAmount(amount),
      currency: amount.currency.toLowerCase(),
      customer: method.customerId,
      payment_method: method.methodId,
      // Nobody is there to be sent to another page.
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { paymentId, invoiceId, accountId },
    };
    return intentFrom(await translated(() => this.stripe.paymentIntents.create(params, { idempotencyKey: key })));
  }

  async confirmIntent(intentId: string, key: string): Promise<Intent> {
    try {
      return intentFrom(
        await translated(() => this.stripe.paymentIntents.confirm(intentId, { off_session: true }, { idempotencyKey: key })),
      );
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      // A decline comes as an error, and so does an intent that someone else has confirmed: what the intent says is what counts.
      const now = await this.existing(intentId);
      if (now.state.status !== 'unconfirmed') return now;
      throw error;
    }
  }

  async cancelIntent(intentId: string, key: string): Promise<Intent> {
    try {
      return intentFrom(await translated(() => this.stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: key })));
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      return this.existing(intentId);
    }
  }

  intent(intentId: string): Promise<Intent | null> {
    return orNull(() => this.existing(intentId));
  }

  /** By the list, which is complete at once; Stripe's search lags behind. */
  async intentOfPayment(customerId: string, paymentId: PaymentId): Promise<Intent | null> {
    const found = await translated(async () => {
      for await (const intent of this.stripe.paymentIntents.list({ customer: customerId, limit: 100 })) {
        if (intent.metadata.paymentId === paymentId) return intent;
      }
      return null;
    });
    return found && intentFrom(found);
  }

  async charge(chargeId: string): Promise<SeenCharge | null> {
    const charge = await orNull(() => translated(() => this.stripe.charges.retrieve(chargeId)));
    if (!charge || charge.amount_captured === 0) return null;
    return { objectId: charge.id, customerId: idOf(charge.customer), amount: fromStripeAmount(charge.amount_captured, charge.currency) };
  }

  async *events(since: Instant): AsyncIterable<readonly GatewayEvent[]> {
    const list = { types: EVENTS_OF_MONEY, created: { gte: Math.floor(epochMs(since) / 1000) }, limit: PAGE };
    yield* pages((page) => this.stripe.events.list({ ...list, ...page }), pointedTo);
  }

  async *movements({ from, to }: TimeRange): AsyncIterable<readonly GatewayMovement[]> {
    const list = { created: { gte: Math.floor(epochMs(from) / 1000), lt: Math.floor(epochMs(to) / 1000) }, limit: PAGE };
    for await (const page of pages(
      (after) => this.stripe.charges.list({ ...list, ...after }),
      (charge) => charge,
    )) {
      yield page.filter(({ amount_captured: captured }) => captured > 0).map(chargeMovement);
    }
    for await (const page of pages(
      (after) => this.stripe.refunds.list({ ...list, ...after }),
      (refund) => refund,
    )) {
      yield page.filter(({ status }) => status !== 'failed' && status !== 'canceled').map(refundMovement);
    }
  }

  async createCustomer(accountId: AccountId, key: string): Promise<string> {
    const customer = await translated(() =>
      this.stripe.customers.create({ metadata: { accountId } }, { idempotencyKey: key, ...WHILE_SOMEBODY_WAITS }),
    );
    return customer.id;
  }

  async updateCustomer(customerId: string, contact: CustomerContact): Promise<void> {
    await ofCustomer(() => this.stripe.customers.update(customerId, { ...contact }));
  }

  async deleteCustomer(customerId: string): Promise<void> {
    await orNull(() => translated(() => this.stripe.customers.del(customerId)));
  }

  async detachMethod(methodId: string): Promise<void> {
    try {
      await translated(() => this.stripe.paymentMethods.detach(methodId));
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      const method = await orNull(() => translated(() => this.stripe.paymentMethods.retrieve(methodId)));
      if (method?.customer) throw error;
    }
  }

  async attachMethod(customerId: string, token: string, key: string): Promise<AttachedMethod> {
    const options = { idempotencyKey: key, ...WHILE_SOMEBODY_WAITS };
    const method = await ofCustomer(() => this.stripe.paymentMethods.attach(token, { customer: customerId }, options));
    const { card } = method;
    return {
      gateway: { gateway: this.name, customerId, methodId: method.id },
      type: method.type,
      brand: card?.brand ?? null,
      last4: card?.last4 ?? null,
      expMonth: card?.exp_month ?? null,
      expYear: card?.exp_year ?? null,
    };
  }

  private async existing(intentId: string): Promise<Intent> {
    return intentFrom(await translated(() => this.stripe.paymentIntents.retrieve(intentId)));
  }
}

function intentFrom(intent: Stripe.PaymentIntent): Intent {
  return {
    intentId: intent.id,
    customerId: idOf(intent.customer),
    amount: fromStripeAmount(intent.amount, intent.currency),
    paymentId: intent.metadata.paymentId ?? null,
    state: stateOf(intent),
  };
}

function stateOf(intent: Stripe.PaymentIntent): IntentState {
  switch (intent.status) {
    case 'succeeded':
      return {
        status: 'succeeded',
        chargeId: idOf(intent.latest_charge) ?? intent.id,
        amount: fromStripeAmount(intent.amount_received, intent.currency),
      };
    case 'requires_confirmation':
      return { status: 'unconfirmed' };
    case 'requires_payment_method':
      // The method was given when the intent was made, so this is where a decline leaves it.
      return { status: 'failed', failure: failureOf(intent.last_payment_error ?? {}) };
    case 'requires_action':
      return { status: 'requires_action' };
    case 'canceled':
      return { status: 'canceled' };
    default:
      // `processing`, and states of capturing by hand, which we never ask for: not an end, so it is asked again.
      return { status: 'processing' };
  }
}

function chargeMovement(charge: Stripe.Charge): GatewayMovement {
  const intentId = idOf(charge.payment_intent);
  return {
    kind: 'charge',
    objectId: intentId ?? charge.id,
    intentId,
    paymentId: charge.metadata.paymentId ?? null,
    amount: fromStripeAmount(charge.amount_captured, charge.currency),
  };
}

function refundMovement(refund: Stripe.Refund): GatewayMovement {
  const amount = fromStripeAmount(refund.amount, refund.currency).negated();
  return { kind: 'refund', objectId: refund.id, intentId: idOf(refund.payment_intent), paymentId: null, amount };
}

/** Page by page, so that whoever reads keeps one page in memory; a page that fails ends the list with one of the port's errors. */
async function* pages<T extends { id: string }, R>(
  list: (after: { starting_after?: string }) => Promise<Stripe.ApiList<T>>,
  read: (item: T) => R,
): AsyncIterable<R[]> {
  for (let after: { starting_after?: string } = {}; ; ) {
    const { data, has_more } = await translated(() => list(after));
    if (data.length > 0) yield data.map(read);
    if (!has_more || data.length === 0) return;
    after = { starting_after: data.at(-1)!.id };
  }
}

function idOf(reference: string | { readonly id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}

/** A call about a customer, who may have been deleted at Stripe's own pages. */
async function ofCustomer<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await translated(call);
  } catch (error) {
    if (!(error instanceof GatewayRefused) || error.failure.code !== 'resource_missing') throw error;
    const { param } = error.cause as Stripe.errors.StripeError;
    throw param === 'customer' || param === 'id' ? new GatewayCustomerMissing(error.failure) : error;
  }
}

async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof GatewayRefused && error.failure.code === 'resource_missing') return null;
    throw error;
  }
}
