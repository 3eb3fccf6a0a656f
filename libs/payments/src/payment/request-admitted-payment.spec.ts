import { specification } from '#event-sourcing/testing/specification.js';
import { PaymentDecider } from './payment.decider.js';
import { PaymentWithheld } from './payment.events.js';
import { aMethod, anAccountId, anAmount, anInvoiceId, aPaymentId, aRequest, aRequestedPayment, requestedAt } from './payment.examples.js';
import { RequestAdmittedPayment } from './request-admitted-payment.js';
import type { RequestFacts } from './request-payment.js';

const payment = specification(PaymentDecider);
const invoice = { invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount, issuedAt: requestedAt };
const request = new RequestAdmittedPayment(invoice);
const withheld = new PaymentWithheld({
  ...{ ...invoice, paymentId: aPaymentId, reason: 'many_invoices', unadmittedLately: 50, withheldAt: requestedAt },
});
const knowing = (changes: Partial<RequestFacts> = {}): { facts: RequestFacts } => ({
  facts: { method: aMethod, isParked: false, issuedLately: 99, unadmittedLately: 50, isClosed: false, ...changes },
});

describe('requesting the payment of an invoice that was admitted', () => {
  it('freezes what will be charged, however many invoices there are', () => {
    payment
      .given(withheld)
      .when(request, { now: requestedAt, ...knowing() })
      .then(aRequest);
  });

  it.each<[string, Partial<RequestFacts>]>([
    ['no payment method', { method: null }],
    ['an invoice that was closed', { isClosed: true }],
    ['an account that is parked', { isParked: true }],
  ])('asks for nothing with %s', (_, changes) => {
    payment.given(withheld).when(request, knowing(changes)).thenNothing();
  });

  it('never asks twice', () => {
    payment.given(aRequestedPayment()).when(request, knowing()).thenNothing();
  });
});
