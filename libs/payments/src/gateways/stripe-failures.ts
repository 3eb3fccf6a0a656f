import Stripe from 'stripe';
import type { PaymentFailure } from '../payment/payment.events.js';
import { GatewayOutcomeUnknown, GatewayRefused, GatewayUnavailable } from './payment-gateway.js';

/** Declines after which the same card will never do. Source: docs.stripe.com/declines/codes. */
const hardCodes: ReadonlySet<string> = new Set([
  ...[
    'lost_card',
    'stolen_card',
    'pickup_card',
    'restricted_card',
    'fraudulent',
    'merchant_blacklist',
    'security_violation',
    'expired_card',
  ],
  ...['invalid_account', 'new_account_information_available', 'no_action_taken', 'not_permitted', 'revocation_of_all_authorizations'],
  ...[
    'revocation_of_authorization',
    'service_not_allowed',
    'stop_payment_order',
    'card_not_supported',
    'currency_not_supported',
    'incorrect_number',
  ],
  ...['invalid_number', 'resource_missing', 'amount_too_small', 'amount_too_large'],
]);

interface Reported {
  readonly code?: string | null;
  readonly decline_code?: string | null;
  readonly message?: string | null;
  readonly advice_code?: string | null;
}

/** What an issuer or Stripe said against a payment, with the most telling of its codes. */
export function failureOf({ code, decline_code, message }: Reported): PaymentFailure {
  const telling = decline_code ?? code ?? 'payment_failed';
  return { code: telling, message: message ?? 'The payment failed.', hard: hardCodes.has(telling) };
}

/** Runs a call and brings what the SDK throws to the three kinds of the port. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw inOurWords(error);
  }
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { statusCode, message } = error;
  const told = `Stripe: ${statusCode ?? 'no answer'} ${error.code ?? error.rawType ?? ''}`.trim();
  if (statusCode === undefined || statusCode >= 500 || statusCode === 409) return new GatewayOutcomeUnknown(told, { cause: error });
  if (error instanceof Stripe.errors.StripeRateLimitError || statusCode === 401 || statusCode === 403)
    return new GatewayUnavailable(told, { cause: error });
  // Another request was sent with this key: only asking can tell what became of it.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return new GatewayOutcomeUnknown(told, { cause: error });
  return new GatewayRefused(failureOf({ code: error.code, decline_code: error.decline_code, message }), { cause: error });
}
