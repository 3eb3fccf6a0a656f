import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { requestFacts, retryFacts } from '../facts/request-payment.facts.js';
import { OpenPaymentIntent, openPaymentIntent } from './open-payment-intent.js';
import { type PaymentEvent, paymentEvents } from './payment.events.js';
import { evolve, initialState, type Payment } from './payment.state.js';
import { RecordPaymentOutcome, recordPaymentOutcome } from './record-payment-outcome.js';
import { RequestAdmittedPayment, requestAdmittedPayment } from './request-admitted-payment.js';
import { paymentIdOf, RequestPayment, requestPayment } from './request-payment.js';
import { RetryPayment, retryPayment } from './retry-payment.js';

export const PaymentDecider: Decider<Payment, PaymentEvent> = {
  category: 'payment',
  events: paymentEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  decisions: [
    onWithFacts(RequestPayment, {
      stream: ({ invoiceId }) => paymentIdOf(invoiceId, 1),
      begins: true,
      timeOf: ({ accountId }) => accountId,
      facts: requestFacts,
      decide: requestPayment,
    }),
    onWithFacts(RequestAdmittedPayment, {
      stream: ({ invoiceId }) => paymentIdOf(invoiceId, 1),
      timeOf: ({ accountId }) => accountId,
      facts: requestFacts,
      decide: requestAdmittedPayment,
    }),
    onWithFacts(RetryPayment, {
      stream: ({ invoiceId, attempt }) => paymentIdOf(invoiceId, attempt),
      timeOf: ({ accountId }) => accountId,
      facts: retryFacts,
      decide: retryPayment,
    }),
    on(OpenPaymentIntent, { stream: ({ paymentId }) => paymentId, decide: openPaymentIntent }),
    on(RecordPaymentOutcome, { stream: ({ paymentId }) => paymentId, decide: recordPaymentOutcome }),
  ],
};
