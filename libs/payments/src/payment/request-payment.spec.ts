import { specification } from '#event-sourcing/testing/specification.js';
import { Money } from '#kernel/money.js';
import { PaymentDecider } from './payment.decider.js';
import {
  aFailedPayment,
  aMethod,
  anAccountId,
  anAmount,
  anInvoiceId,
  aRequest,
  aRequestedPayment,
  requestedAt,
} from './payment.examples.js';
import { RequestPayment } from './request-payment.js';

const payment = specification(PaymentDecider);
const request = new RequestPayment({ invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount });

describe('requesting the payment of an invoice', () => {
  it('freezes what will be charged, to what, and under which key', () => {
    payment
      .given()
      .when(request, { now: requestedAt, facts: { method: aMethod } })
      .then(aRequest);
  });

  it('asks for nothing where the account has no payment method', () => {
    payment
      .given()
      .when(request, { facts: { method: null } })
      .thenNothing();
  });

  it('never asks twice for the first attempt, whatever became of it and whatever changed since', () => {
    const other = { ...aMethod, methodId: 'pm_2' };
    payment
      .given(aRequestedPayment())
      .when(request, { facts: { method: other } })
      .thenNothing();
    payment
      .given(aFailedPayment())
      .when(new RequestPayment({ ...request.data, amount: Money.of(1n, 'USD') }), { facts: { method: other } })
      .thenNothing();
  });
});
