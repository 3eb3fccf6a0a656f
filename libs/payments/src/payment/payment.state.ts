import type { AccountId, InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMethod, PaymentEvent } from './payment.events.js';

/** The frozen request, which every state after it carries. */
export interface RequestedPayment {
  readonly paymentId: PaymentId;
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly attempt: number;
  readonly amount: Money;
  readonly method: GatewayMethod;
  readonly gatewayKey: string;
  readonly requestedAt: Instant;
}

/** An attempt that may still move money, so that there is no other one for its invoice. */
export interface OpenPayment extends RequestedPayment {
  readonly status: 'pending' | 'processing' | 'unknown';
  readonly intentId: string | null;
  /** When the gateway was first asked, in real time; null when no answer or failure of it is recorded. */
  readonly askedAt: Instant | null;
}

export type Payment =
  | { readonly status: 'absent' | 'withheld' }
  | OpenPayment
  | (RequestedPayment & { readonly status: 'succeeded'; readonly intentId: string; readonly chargeId: string })
  | (RequestedPayment & { readonly status: 'failed'; readonly intentId: string | null });

/** What is shown of a payment: it is, once the gateway is to be asked. */
export type PaymentStatus = Exclude<Payment['status'], 'absent' | 'withheld'>;

export const initialState: Payment = { status: 'absent' };

/** Nothing was asked of the gateway yet. */
export function isUnasked(payment: Payment): payment is { readonly status: 'absent' | 'withheld' } {
  return stageOf(payment) === 'unasked';
}

export function isOpen(payment: Payment): payment is OpenPayment {
  return stageOf(payment) === 'open';
}

function stageOf(payment: Payment): 'unasked' | 'open' | 'settled' {
  switch (payment.status) {
    case 'absent':
    case 'withheld':
      return 'unasked';
    case 'pending':
    case 'processing':
    case 'unknown':
      return 'open';
    case 'succeeded':
    case 'failed':
      return 'settled';
    default:
      return payment satisfies never;
  }
}

export function evolve(payment: Payment, event: PaymentEvent): Payment {
  if (event.type === 'PaymentRequested') return { ...event.data, status: 'pending', intentId: null, askedAt: null };
  if (event.type === 'PaymentWithheld') return { status: 'withheld' };
  if (!isOpen(payment)) throw new Error(`${event.type} follows a payment that is ${payment.status}.`);
  switch (event.type) {
    case 'PaymentIntentOpened':
      return { ...payment, status: 'processing', intentId: event.data.intentId, askedAt: payment.askedAt ?? event.data.askedAt };
    case 'PaymentOutcomeUnknown':
      return { ...payment, status: 'unknown', askedAt: payment.askedAt ?? event.data.askedAt };
    case 'PaymentSucceeded':
      return { ...requestOf(payment), status: 'succeeded', intentId: event.data.intentId, chargeId: event.data.chargeId };
    case 'PaymentFailed':
      return { ...requestOf(payment), status: 'failed', intentId: event.data.intentId };
    default:
      return event satisfies never;
  }
}

function requestOf({ paymentId, invoiceId, accountId, attempt, amount, method, gatewayKey, requestedAt }: OpenPayment): RequestedPayment {
  return { paymentId, invoiceId, accountId, attempt, amount, method, gatewayKey, requestedAt };
}
