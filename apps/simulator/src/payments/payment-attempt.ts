import type Stripe from 'stripe';
import { documentation, StripeFailure } from '../http/stripe-failure.js';
import { bookMovement } from '../resources/balance-transactions.js';
import { newCharge } from '../resources/charges.js';
import { attachTo } from '../resources/payment-methods.js';
import type { StripeAccount } from '../resources/stripe-account.js';
import type { Origin } from '../state/event-log.js';
import type { CardOutcome } from './card-behavior.js';
import { type Decline, declineNamed } from './declines.js';

export interface Attempt {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  offSession: boolean;
  returnUrl: string | null;
  /** Whether an action that would be needed fails the attempt at once. */
  refusesActions: boolean;
}

/**
 * Asks the issuer for the money of an intent, once.
 *
 * @returns the intent as `succeeded`, `requires_capture`, `requires_action` or `processing`.
 * @throws StripeFailure 402 for a decline; the failed charge and the intent's new state stay.
 */
export function attemptPayment(account: StripeAccount, attempt: Attempt, origin: Origin): Stripe.PaymentIntent {
  const outcome = account.cards.attempt(attempt.method.id);
  if (outcome.kind === 'succeed') return succeed(account, attempt.intent, attempt.method, origin);
  if (outcome.kind === 'decline') throw decline(account, attempt.intent, attempt.method, outcome.declineCode, origin);
  if (outcome.kind === 'process') return process(account, attempt.intent, attempt.method, origin);
  return authenticate(account, attempt, outcome, origin);
}

/** Takes the money: a charge, its balance transaction, and the intent's new state. */
export function succeed(
  account: StripeAccount,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  origin: Origin,
): Stripe.PaymentIntent {
  const captured = intent.capture_method !== 'manual';
  const drawn = newCharge(account, intent, method, { status: 'succeeded', captured });
  const charge = captured ? { ...drawn, balance_transaction: bookCharge(account, drawn, drawn.amount).id } : drawn;
  account.charges.add(charge);
  const kept = keepForFutureUse(account, intent, method, origin);
  account.cards.attemptSucceeded(kept.id);
  const paid = account.paymentIntents.replace({
    ...intent,
    amount_capturable: captured ? 0 : intent.amount,
    amount_received: captured ? intent.amount : 0,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: kept.id,
    processing: null,
    status: captured ? 'succeeded' : 'requires_capture',
  });
  account.events.ofCharge('charge.succeeded', charge, origin);
  account.events.ofPaymentIntent(captured ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated', paid, origin);
  return paid;
}

/** Records a refusal by the issuer and makes the answer that tells it. */
export function decline(
  account: StripeAccount,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  declineCode: string,
  origin: Origin,
): StripeFailure {
  const reason = declineNamed(declineCode);
  if (reason === undefined) throw new Error(`There is no decline code ${declineCode}`);
  const charge = newCharge(account, intent, method, { status: 'failed', decline: reason });
  account.charges.add(charge);
  const error = errorOf(reason, method, charge.id);
  const failed = withPaymentError(account, { ...intent, latest_charge: charge.id }, error);
  account.events.ofCharge('charge.failed', charge, origin);
  account.events.ofPaymentIntent('payment_intent.payment_failed', failed, origin);
  return new StripeFailure(402, { ...error, type: 'card_error', message: reason.message, payment_intent: failed }, { keepsChanges: true });
}

/** The cardholder failed the 3-D Secure challenge: no charge was made. */
export function failAuthentication(account: StripeAccount, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod, origin: Origin) {
  const code = 'payment_intent_authentication_failure';
  const failed = withPaymentError(account, intent, {
    code,
    doc_url: documentation(code),
    message:
      'The provided payment method has failed authentication. You can provide a new payment method to attempt to fulfill this intent.',
    payment_method: method,
    type: 'invalid_request_error',
  });
  account.events.ofPaymentIntent('payment_intent.payment_failed', failed, origin);
  return failed;
}

export function bookCharge(account: StripeAccount, charge: Stripe.Charge, amount: number): Stripe.BalanceTransaction {
  return bookMovement(account, {
    type: 'charge',
    amount,
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
  });
}

function authenticate(
  account: StripeAccount,
  attempt: Attempt,
  outcome: Extract<CardOutcome, { kind: 'authenticate' }>,
  origin: Origin,
): Stripe.PaymentIntent {
  const { intent, method, returnUrl } = attempt;
  if (outcome.when === 'until_set_up' && account.cards.hasSucceeded(method.id)) return succeed(account, intent, method, origin);
  if (attempt.offSession || attempt.refusesActions) throw decline(account, intent, method, 'authentication_required', origin);
  const url = `https://hooks.stripe.com/3d_secure_2/hosted?payment_intent=${intent.id}`;
  const waiting = account.paymentIntents.replace({
    ...intent,
    last_payment_error: null,
    next_action:
      returnUrl === null
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
        : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } },
    payment_method: method.id,
    status: 'requires_action',
  });
  account.events.ofPaymentIntent('payment_intent.requires_action', waiting, origin);
  return waiting;
}

function process(account: StripeAccount, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod, origin: Origin): Stripe.PaymentIntent {
  const processing = account.paymentIntents.replace({
    ...intent,
    last_payment_error: null,
    payment_method: method.id,
    processing: { type: 'card', card: {} },
    status: 'processing',
  });
  account.events.ofPaymentIntent('payment_intent.processing', processing, origin);
  return processing;
}

/** Back to `requires_payment_method`, as Stripe does; a card used without a customer is spent. */
function withPaymentError(account: StripeAccount, intent: Stripe.PaymentIntent, error: Stripe.PaymentIntent.LastPaymentError) {
  return account.paymentIntents.replace({
    ...intent,
    last_payment_error: error,
    next_action: null,
    payment_method: null,
    processing: null,
    status: 'requires_payment_method',
  });
}

function errorOf(reason: Decline, method: Stripe.PaymentMethod, charge: string): Stripe.PaymentIntent.LastPaymentError {
  return {
    ...(reason.adviceCode === null ? {} : { advice_code: reason.adviceCode }),
    charge,
    code: reason.code,
    decline_code: reason.declineCode,
    doc_url: documentation(reason.code),
    message: reason.message,
    network_decline_code: reason.networkCode,
    payment_method: method,
    type: 'card_error',
  };
}

function keepForFutureUse(account: StripeAccount, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod, origin: Origin) {
  if (method.customer !== null) return method;
  if (intent.setup_future_usage !== null && typeof intent.customer === 'string') return attachTo(account, method, intent.customer, origin);
  return account.paymentMethods.replace(method, { hidden: 'spent' });
}
