import type { AccountId, InvoiceId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import {
  type GatewayMethod,
  type PaymentEvent,
  PaymentFailed,
  PaymentIntentOpened,
  PaymentOutcomeUnknown,
  PaymentRequested,
  PaymentSucceeded,
} from './payment.events.js';
import { paymentIdOf } from './request-payment.js';

/** Named histories for specifications. All of them are of one invoice over 29.00 USD. */
export const anAccountId = '0190f0c8-1111-7000-8000-00000000002a' as AccountId;
export const anInvoiceId = '0190f0c8-3333-7000-8000-00000000002a' as InvoiceId;
export const aPaymentId = paymentIdOf(anInvoiceId, 1);
export const anAmount = Money.of(2900n, 'USD');
export const aMethod: GatewayMethod = { gateway: 'stripe', customerId: 'cus_1', methodId: 'pm_1' };
export const requestedAt: Instant = instant('2026-01-31T12:00:00Z');
export const askedAt: Instant = instant('2026-11-23T09:00:00Z');
export const aDecline = { code: 'insufficient_funds', message: 'Your card has insufficient funds.', hard: false };

const ids = { paymentId: aPaymentId, invoiceId: anInvoiceId, accountId: anAccountId };

export const aRequest = new PaymentRequested({
  ...ids,
  attempt: 1,
  amount: anAmount,
  method: aMethod,
  gatewayKey: `perennial/${aPaymentId}`,
  requestedAt,
});

export const aRequestedPayment = (): PaymentEvent[] => [aRequest];
export const aPaymentInProcess = (): PaymentEvent[] => [aRequest, new PaymentIntentOpened({ ...ids, intentId: 'pi_1', askedAt })];
/** The intent was made, or not: its answer was lost. */
export const aPaymentUnknownBeforeItsIntent = (): PaymentEvent[] => [
  aRequest,
  new PaymentOutcomeUnknown({ ...ids, reason: 'no answer', askedAt }),
];
/** Charged, or not: the answer to the confirmation was lost. */
export const aPaymentUnknown = (): PaymentEvent[] => [
  ...aPaymentInProcess(),
  new PaymentOutcomeUnknown({ ...ids, reason: 'no answer', askedAt }),
];
export const success = new PaymentSucceeded({
  ...ids,
  gateway: 'stripe',
  amount: anAmount,
  intentId: 'pi_1',
  chargeId: 'ch_1',
  succeededAt: requestedAt,
});
export const failure = new PaymentFailed({
  ...ids,
  attempt: 1,
  amount: anAmount,
  intentId: 'pi_1',
  failure: aDecline,
  failedAt: requestedAt,
});
export const aSucceededPayment = (): PaymentEvent[] => [...aPaymentInProcess(), success];
export const aFailedPayment = (): PaymentEvent[] => [...aPaymentInProcess(), failure];
