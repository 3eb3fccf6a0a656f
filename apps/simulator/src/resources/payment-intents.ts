import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { invalidParameter, noSuch, notAllowed } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import { attemptPayment, bookCharge } from '../payments/payment-attempt.js';
import { livingCustomer } from './living-customer.js';
import { amountFrom, newPaymentIntent } from './payment-intent.js';
import { mayNotBeUsedAgain, methodFor } from './payment-methods.js';
import type { StripeAccount } from './stripe-account.js';

const confirmable: readonly string[] = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const cancelable: readonly string[] = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'];

export function createPaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const { parameters } = request;
  const confirm = parameters.flag('confirm') ?? false;
  for (const name of ['off_session', 'error_on_requires_action', 'return_url']) {
    if (!confirm && parameters.has(name)) throw invalidParameter('This parameter can only be used with confirm=true.', name);
  }
  const customer = parameters.text('customer');
  if (customer !== undefined) livingCustomer(account, customer, 'customer', 400);
  const methodName = parameters.text('payment_method');
  const draft = newPaymentIntent(account, parameters, { customer: customer ?? null, paymentMethod: null });
  const method = methodName === undefined ? undefined : methodFor(account, methodName, 'payment_method', 400);
  if (method !== undefined) assertUsable(account, draft, method);
  const intent: Stripe.PaymentIntent =
    method === undefined ? draft : { ...draft, payment_method: method.id, status: 'requires_confirmation' };
  account.metadata.add('payment_intents', account.paymentIntents.add(intent), intent.metadata);
  account.events.ofPaymentIntent('payment_intent.created', intent, request);
  return confirm ? confirmed(account, intent, request) : intent;
}

export function confirmPaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const intent = intentInPath(account, request);
  if (!confirmable.includes(intent.status)) {
    const why =
      intent.status === 'succeeded'
        ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
        : `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. ` +
          `Only a PaymentIntent with one of the following statuses may be confirmed: ${confirmable.join(', ')}.`;
    throw unexpectedState(intent, why);
  }
  return confirmed(account, intent, request);
}

export function updatePaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const { parameters } = request;
  const before = intentInPath(account, request);
  const after: Stripe.PaymentIntent = {
    ...before,
    description: parameters.textOr('description', before.description),
    metadata: parameters.metadata(before.metadata),
    receipt_email: parameters.textOr('receipt_email', before.receipt_email),
  };
  const named = parameters.text('payment_method');
  if (parameters.has('amount') || named !== undefined) {
    if (!confirmable.includes(before.status)) {
      throw unexpectedState(
        before,
        `This PaymentIntent's ${named === undefined ? 'amount' : 'payment_method'} could not be updated because it has a status of ${before.status}.`,
      );
    }
    if (parameters.has('amount')) after.amount = amountFrom(parameters, before.currency);
    if (named !== undefined) {
      const method = methodFor(account, named, 'payment_method', 400);
      assertUsable(account, after, method);
      after.payment_method = method.id;
      after.status = 'requires_confirmation';
    }
  }
  account.metadata.replace('payment_intents', after.id, before.metadata, after.metadata);
  return account.paymentIntents.replace(after);
}

export function cancelPaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const intent = intentInPath(account, request);
  if (!cancelable.includes(intent.status)) {
    throw unexpectedState(
      intent,
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. ` +
        `Only a PaymentIntent with one of the following statuses may be canceled: ${cancelable.join(', ')}, processing.`,
    );
  }
  const reasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;
  const canceled = account.paymentIntents.replace({
    ...intent,
    amount_capturable: 0,
    canceled_at: account.clock.now(),
    cancellation_reason: request.parameters.oneOf('cancellation_reason', reasons) ?? null,
    next_action: null,
    status: 'canceled',
  });
  if (intent.status === 'requires_capture') releaseAuthorization(account, intent, request);
  account.events.ofPaymentIntent('payment_intent.canceled', canceled, request);
  return canceled;
}

export function capturePaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const intent = intentInPath(account, request);
  if (intent.status !== 'requires_capture') {
    throw unexpectedState(
      intent,
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. ` +
        'Only a PaymentIntent with one of the following statuses may be captured: requires_capture.',
    );
  }
  const amount = request.parameters.integer('amount_to_capture') ?? intent.amount;
  if (amount < 1 || amount > intent.amount_capturable) {
    throw notAllowed(`You cannot capture payment intent with the specified amount: ${amount}.`, {
      code: 'amount_too_large',
      param: 'amount_to_capture',
    });
  }
  const authorized = chargeOf(account, intent);
  const charge = account.charges.replace({
    ...authorized,
    amount_captured: amount,
    amount_refunded: authorized.amount - amount,
    balance_transaction: bookCharge(account, authorized, amount).id,
    captured: true,
  });
  const captured = account.paymentIntents.replace({ ...intent, amount_capturable: 0, amount_received: amount, status: 'succeeded' });
  account.events.ofCharge('charge.captured', charge, request);
  account.events.ofPaymentIntent('payment_intent.succeeded', captured, request);
  return captured;
}

export function retrievePaymentIntent(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  return intentInPath(account, request);
}

export function listPaymentIntents(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.PaymentIntent> {
  return pageOf(account.paymentIntents, request, { owner: request.parameters.text('customer') });
}

export function chargeOf(account: StripeAccount, intent: Stripe.PaymentIntent): Stripe.Charge {
  const charge = typeof intent.latest_charge === 'string' ? account.charges.find(intent.latest_charge) : undefined;
  if (charge === undefined) throw new Error(`${intent.id} has no charge`);
  return charge;
}

function confirmed(account: StripeAccount, intent: Stripe.PaymentIntent, request: StripeRequest): Stripe.PaymentIntent {
  const { parameters } = request;
  const named = parameters.has('payment_method') ? parameters.text('payment_method') : String(intent.payment_method ?? '');
  if (named === undefined || named === '') {
    throw unexpectedState(
      intent,
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a " +
        'payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.',
    );
  }
  const method = methodFor(account, named, 'payment_method', 400);
  assertUsable(account, intent, method);
  return attemptPayment(
    account,
    {
      intent,
      method,
      offSession: !['', 'false', undefined].includes(parameters.text('off_session')),
      refusesActions: parameters.flag('error_on_requires_action') ?? false,
      returnUrl: parameters.text('return_url') ?? null,
    },
    request,
  );
}

function assertUsable(account: StripeAccount, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  if (!intent.payment_method_types.includes(method.type)) {
    throw notAllowed(`The PaymentMethod provided (${method.type}) is not allowed for this PaymentIntent.`, { param: 'payment_method' });
  }
  if (account.paymentMethods.hiddenBecause(method.id) === 'spent') throw mayNotBeUsedAgain();
  if (method.customer === null || method.customer === intent.customer) return;
  if (intent.customer === null) {
    throw notAllowed(
      `The PaymentMethod ${method.id} belongs to the Customer ${String(method.customer)}. ` +
        'Please include the Customer in the `customer` parameter on the PaymentIntent.',
      { param: 'payment_method' },
    );
  }
  throw notAllowed(
    `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param: 'payment_method' },
  );
}

function releaseAuthorization(account: StripeAccount, intent: Stripe.PaymentIntent, request: StripeRequest): void {
  const before = chargeOf(account, intent);
  const charge = account.charges.replace({ ...before, amount_refunded: before.amount, refunded: true });
  account.events.ofCharge('charge.refunded', charge, request, { amount_refunded: 0, refunded: false });
}

function intentInPath(account: StripeAccount, request: StripeRequest): Stripe.PaymentIntent {
  const id = request.captures[0] ?? '';
  const intent = account.paymentIntents.find(id);
  if (intent === undefined) throw noSuch('payment_intent', id, 'intent', 404);
  return intent;
}

function unexpectedState(intent: Stripe.PaymentIntent, message: string) {
  return notAllowed(message, { code: 'payment_intent_unexpected_state', payment_intent: intent });
}
