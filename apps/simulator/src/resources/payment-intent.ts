import type Stripe from 'stripe';
import type { Parameters } from '../http/parameters.js';
import { documentation, invalidParameter, StripeFailure } from '../http/stripe-failure.js';
import { isCurrency, maximumCharge, minimumCharge, smallestStep } from '../payments/currencies.js';
import { newObjectId, randomText } from '../state/object-ids.js';
import type { StripeAccount } from './stripe-account.js';

/** A new intent as the parameters of `POST /v1/payment_intents` describe it; the method is set by the caller. */
export function newPaymentIntent(
  account: StripeAccount,
  parameters: Parameters,
  parties: { customer: string | null; paymentMethod: string | null },
): Stripe.PaymentIntent {
  const id = newObjectId('pi');
  const currency = currencyFrom(parameters);
  const methodTypes = parameters.list('payment_method_types');
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: amountFrom(parameters, currency),
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automaticMethods(parameters, methodTypes),
    canceled_at: null,
    cancellation_reason: null,
    capture_method: parameters.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async',
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: parameters.oneOf('confirmation_method', ['automatic', 'manual']) ?? 'automatic',
    created: account.clock.now(),
    currency,
    customer: parties.customer,
    customer_account: null,
    description: parameters.textOr('description', null),
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: parameters.metadata(),
    next_action: null,
    on_behalf_of: null,
    payment_method: parties.paymentMethod,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: methodTypes ?? ['card'],
    payment_record: null,
    processing: null,
    receipt_email: parameters.textOr('receipt_email', null),
    review: null,
    setup_future_usage: parameters.oneOf('setup_future_usage', ['off_session', 'on_session']) ?? null,
    shipping: null,
    source: null,
    statement_descriptor: parameters.textOr('statement_descriptor', null),
    statement_descriptor_suffix: parameters.textOr('statement_descriptor_suffix', null),
    status: parties.paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: parameters.textOr('transfer_group', null),
  };
}

/** @throws StripeFailure for what is no amount, and for what is below or above what Stripe charges. */
export function amountFrom(parameters: Parameters, currency: string): number {
  const amount = parameters.requiredInteger('amount');
  if (amount < 1) throw invalidParameter('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer');
  if (amount < minimumCharge(currency)) {
    throw refusedAmount('amount_too_small', `Amount must be at least ${minimumCharge(currency)} ${currency} in the currency's minor unit`);
  }
  if (amount > maximumCharge(currency)) {
    throw refusedAmount('amount_too_large', `Amount must be no more than ${maximumCharge(currency)} ${currency}`);
  }
  const step = smallestStep(currency);
  if (amount % step !== 0) throw invalidParameter(`Invalid integer: amounts in ${currency} are multiples of ${step}.`, 'amount');
  return amount;
}

function refusedAmount(code: string, message: string): StripeFailure {
  return new StripeFailure(
    400,
    { type: 'invalid_request_error', code, doc_url: documentation(code), message, param: 'amount' },
    { executed: false },
  );
}

function currencyFrom(parameters: Parameters): string {
  const currency = parameters.requiredText('currency').toLowerCase();
  if (!isCurrency(currency)) throw invalidParameter(`Invalid currency: ${currency}.`, 'currency');
  return currency;
}

function automaticMethods(parameters: Parameters, methodTypes: string[] | undefined): Stripe.PaymentIntent.AutomaticPaymentMethods | null {
  const given = parameters.nested('automatic_payment_methods');
  if (given === undefined && methodTypes !== undefined) return null;
  const enabled = given?.flag('enabled') ?? true;
  return { enabled, allow_redirects: given?.oneOf('allow_redirects', ['always', 'never']) ?? 'always' };
}
