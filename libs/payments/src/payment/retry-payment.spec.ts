import { specification } from '#event-sourcing/testing/specification.js';
import { Money } from '#kernel/money.js';
import { PaymentDecider } from './payment.decider.js';
import { PaymentRequested } from './payment.events.js';
import { aMethod, anAccountId, anAmount, anInvoiceId, aPaymentId, requestedAt } from './payment.examples.js';
import { paymentIdOf } from './request-payment.js';
import { type CollectibleInvoice, RetryPayment } from './retry-payment.js';

const payment = specification(PaymentDecider);
const second = new RetryPayment({ invoiceId: anInvoiceId, accountId: anAccountId, attempt: 2 });
const invoice: CollectibleInvoice = { isOpen: true, amountDue: anAmount, attempts: 1, openPaymentId: null };
const asked = (attempt: number) =>
  new PaymentRequested({
    ...{ invoiceId: anInvoiceId, accountId: anAccountId, attempt, amount: anAmount, method: aMethod, requestedAt },
    paymentId: paymentIdOf(anInvoiceId, attempt),
    gatewayKey: `perennial/${paymentIdOf(anInvoiceId, attempt)}`,
  });
const having = (changes: Partial<CollectibleInvoice>) => ({
  facts: { isParked: false, method: aMethod, invoice: { ...invoice, ...changes } },
});

describe('retrying a payment', () => {
  it('is another payment, with keys of its own', () => {
    payment
      .given()
      .when(second, { now: requestedAt, ...having({}) })
      .then(asked(2));
    payment
      .given([asked(2)])
      .when(second, having({}))
      .thenNothing();
  });

  it('is possible for an invoice that was never attempted, once there is a payment method', () => {
    const first = new RetryPayment({ ...second.data, attempt: 1 });
    payment
      .given()
      .when(first, { facts: { isParked: false, method: null, invoice: { ...invoice, attempts: 0 } } })
      .thenRefused('payment_method_missing');
    payment
      .given()
      .when(first, { now: requestedAt, ...having({ attempts: 0 }) })
      .then(asked(1));
  });

  it('is refused while another attempt may still move money', () => {
    payment
      .given()
      .when(second, having({ openPaymentId: aPaymentId }))
      .thenRefused('payment_in_progress');
  });

  it('is refused for an invoice that is not open, not known, or without an amount due', () => {
    payment
      .given()
      .when(second, having({ isOpen: false }))
      .thenRefused('invoice_not_open');
    payment
      .given()
      .when(second, having({ amountDue: Money.zero('USD') }))
      .thenRefused('invoice_not_open');
    payment
      .given()
      .when(second, { facts: { isParked: false, method: aMethod, invoice: null } })
      .thenRefused('invoice_not_open');
  });

  it('is refused when it does not follow the last attempt', () => {
    payment
      .given()
      .when(second, having({ attempts: 2 }))
      .thenRefused('payment_attempt_stale');
    payment
      .given()
      .when(second, having({ attempts: 0 }))
      .thenRefused('payment_attempt_stale');
  });

  it('is refused while the account is parked', () => {
    payment
      .given()
      .when(second, { facts: { isParked: true, method: aMethod, invoice } })
      .thenRefused('account_parked');
  });
});
