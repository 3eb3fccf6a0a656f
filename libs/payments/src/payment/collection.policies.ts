import { epochMs, type Instant } from '#kernel/instant.js';
import type { Intent } from '../gateways/payment-gateway.js';
import type { PaymentFailure } from './payment.events.js';
import type { Payment } from './payment.state.js';
import type { PaymentOutcome } from './record-payment-outcome.js';

/**
 * Stripe may forget a key after 24 hours, and a forgotten key would be a new request. An hour is left for calls that are
 * on their way and for clocks that differ.
 */
export const KEYS_HOLD_MS = 23 * 60 * 60 * 1000;

export type FirstStep =
  | { readonly step: 'nothing' }
  /** The gateway has not been asked, as far as is known: create the intent. */
  | { readonly step: 'open' }
  /** It has, so it is asked what it knows before anything is sent again. */
  | { readonly step: 'ask' };

/**
 * Where collecting a payment begins, or goes on after a crash. A run before this one may have made the intent and died before
 * it left any trace, and long ago: the gateway may have forgotten the key, and would make a second intent.
 */
export function firstStep(payment: Payment, isFirstRun: boolean): FirstStep {
  switch (payment.status) {
    case 'pending':
      return { step: isFirstRun ? 'open' : 'ask' };
    case 'processing':
    case 'unknown':
      return { step: 'ask' };
    case 'absent':
    case 'withheld':
    case 'succeeded':
    case 'failed':
      return { step: 'nothing' };
    default:
      return payment satisfies never;
  }
}

export type NextStep =
  | { readonly step: 'open' }
  | { readonly step: 'confirm'; readonly intentId: string }
  /** Takes back an intent that must not be confirmed any more, so that it can never be charged; then it has failed for this reason. */
  | { readonly step: 'cancel'; readonly intentId: string; readonly failure: PaymentFailure }
  | { readonly step: 'record'; readonly outcome: PaymentOutcome }
  /** The bank has not decided: ask again later. */
  | { readonly step: 'wait' };

/** What follows from the gateway's answer; `now` in real time, null when it has no intent of this payment. */
export function stepAfter(intent: Intent | null, askedAt: Instant, now: Instant): NextStep {
  const keysHold = epochMs(now) - epochMs(askedAt) < KEYS_HOLD_MS;
  if (!intent) {
    // Nothing is confirmed before its intent is recorded: where there is no intent, nothing was charged nor will be.
    return keysHold ? { step: 'open' } : { step: 'record', outcome: { result: 'failed', intentId: null, failure: neverReached } };
  }
  const { intentId, state } = intent;
  switch (state.status) {
    case 'unconfirmed':
      return keysHold ? { step: 'confirm', intentId } : { step: 'cancel', intentId, failure: neverReached };
    case 'requires_action':
      return { step: 'cancel', intentId, failure: customerAbsent };
    case 'processing':
      return { step: 'wait' };
    case 'succeeded':
    case 'failed':
    case 'canceled':
      return { step: 'record', outcome: endAs(intentId, state) };
    default:
      return state satisfies never;
  }
}

/** The end of a payment, as the gateway tells it; null while there is none. */
export function outcomeOf({ intentId, state }: Intent): PaymentOutcome | null {
  switch (state.status) {
    case 'succeeded':
    case 'failed':
    case 'canceled':
      return endAs(intentId, state);
    case 'unconfirmed':
    case 'requires_action':
    case 'processing':
      return null;
    default:
      return state satisfies never;
  }
}

function endAs(intentId: string, state: Extract<Intent['state'], { status: 'succeeded' | 'failed' | 'canceled' }>): PaymentOutcome {
  switch (state.status) {
    case 'succeeded':
      return { result: 'succeeded', intentId, chargeId: state.chargeId, amount: state.amount };
    case 'failed':
      return { result: 'failed', intentId, failure: state.failure };
    case 'canceled':
      return { result: 'failed', intentId, failure: canceled };
    default:
      return state satisfies never;
  }
}

const neverReached = {
  code: 'gateway_unreachable',
  message: 'The gateway could not be reached in time; nothing was charged.',
  hard: false,
};
const customerAbsent = {
  code: 'authentication_required',
  message: 'The bank wants the customer to authenticate the payment.',
  hard: false,
};
const canceled = { code: 'payment_canceled', message: 'The payment was canceled at the gateway; nothing was charged.', hard: false };
