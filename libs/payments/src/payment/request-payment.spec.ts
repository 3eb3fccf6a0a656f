import { specification } from '#event-sourcing/testing/specification.js';
import { Money } from '#kernel/money.js';
import { PaymentDecider } from './payment.decider.js';
import { PaymentWithheld } from './payment.events.js';
import {
  aFailedPayment,
  aMethod,
  anAccountId,
  anAmount,
  anInvoiceId,
  aPaymentId,
  aRequest,
  aRequestedPayment,
  requestedAt,
} from './payment.examples.js';
import { UNCOUNTED_INVOICES_A_DAY } from './payment.policies.js';
import { type RequestFacts, RequestPayment } from './request-payment.js';

const payment = specification(PaymentDecider);
const request = new RequestPayment({ invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount, issuedAt: requestedAt });
const knowing = (changes: Partial<RequestFacts> = {}): { facts: RequestFacts } => ({
  facts: { method: aMethod, isParked: false, issuedLately: 0, unadmittedLately: 0, isClosed: false, ...changes },
});
const withheld = (reason: 'account_parked' | 'many_invoices', unadmittedLately = 0) =>
  new PaymentWithheld({
    ...{ paymentId: aPaymentId, invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount, issuedAt: requestedAt },
    ...{ reason, unadmittedLately, withheldAt: requestedAt },
  });

describe('requesting the payment of an invoice', () => {
  it('freezes what will be charged, to what, and under which key', () => {
    payment
      .given()
      .when(request, { now: requestedAt, ...knowing() })
      .then(aRequest);
  });

  it('asks for nothing where the account has no payment method', () => {
    payment
      .given()
      .when(request, knowing({ method: null }))
      .thenNothing();
  });

  it('never asks twice for the first attempt, whatever became of it and whatever changed since', () => {
    const other = { ...aMethod, methodId: 'pm_2' };
    payment
      .given(aRequestedPayment())
      .when(request, knowing({ method: other }))
      .thenNothing();
    payment
      .given(aFailedPayment())
      .when(new RequestPayment({ ...request.data, amount: Money.of(1n, 'USD') }), knowing({ method: other }))
      .thenNothing();
  });

  it('withholds it while the account is parked, once, and asks when the account is released', () => {
    const now = requestedAt;
    payment
      .given()
      .when(request, { now, ...knowing({ isParked: true }) })
      .then(withheld('account_parked'));
    payment
      .given(withheld('account_parked'))
      .when(request, knowing({ isParked: true }))
      .thenNothing();
    payment
      .given(withheld('account_parked'))
      .when(request, { now, ...knowing() })
      .then(aRequest);
  });

  it('withholds it on a day of many invoices until it is admitted', () => {
    const many = knowing({ issuedLately: UNCOUNTED_INVOICES_A_DAY, unadmittedLately: 37 });
    payment
      .given()
      .when(request, { now: requestedAt, ...many })
      .then(withheld('many_invoices', 37));
    payment
      .given()
      .when(request, { now: requestedAt, ...knowing({ issuedLately: UNCOUNTED_INVOICES_A_DAY - 1 }) })
      .then(aRequest);
    payment.given(withheld('many_invoices', 37)).when(request, many).thenNothing();
  });

  it('asks for nothing any more where the invoice was closed while it was withheld', () => {
    payment
      .given(withheld('account_parked'))
      .when(request, knowing({ isClosed: true }))
      .thenNothing();
  });
});
