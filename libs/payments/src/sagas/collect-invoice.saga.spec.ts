import { enqueue } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { InvoiceIssued, RecordInvoicePayment } from '#invoicing/contract.js';
import { derivedId, type SubscriptionId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { PaymentSucceeded } from '../payment/payment.events.js';
import { anAccountId, anAmount, anInvoiceId, aPaymentId, aRequest, requestedAt, success } from '../payment/payment.examples.js';
import { RequestPayment } from '../payment/request-payment.js';
import {
  closeInvoiceWhenPaymentSucceeds,
  collectWhenPaymentIsRequested,
  requestPaymentWhenInvoiceIsIssued,
} from './collect-invoice.saga.js';

const zero = Money.zero('USD');
const issued = (amountDue: Money) =>
  new InvoiceIssued({
    ...{ invoiceId: anInvoiceId, accountId: anAccountId, subscriptionId: anInvoiceId as string as SubscriptionId },
    ...{ series: 'INV-2026', number: 'INV-2026-000001', currency: 'USD', lines: [], subtotal: amountDue, discount: zero, tax: zero },
    ...{ total: amountDue, creditApplied: zero, amountDue, issuedAt: requestedAt, dueAt: requestedAt },
  });

describe('collecting an invoice', () => {
  it('requests the payment of what is due, and of nothing else', () => {
    reactionOf(requestPaymentWhenInvoiceIsIssued)
      .when(issued(anAmount))
      .then(new RequestPayment({ invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount, issuedAt: requestedAt }));
    reactionOf(requestPaymentWhenInvoiceIsIssued).when(issued(zero)).then();
  });

  it('enqueues one job for each payment', () => {
    reactionOf(collectWhenPaymentIsRequested)
      .when(aRequest, { correlationId: 'why' })
      .then(enqueue('payments.collect', derivedId(aPaymentId, 'collect'), { paymentId: aPaymentId, correlationId: 'why' }));
  });

  it('closes the invoice with the payment', () => {
    reactionOf(closeInvoiceWhenPaymentSucceeds)
      .when(success)
      .then(new RecordInvoicePayment({ invoiceId: anInvoiceId, paymentId: aPaymentId, amount: anAmount }));
  });

  it('leaves the invoice alone when it has refused the money', () => {
    reactionOf(closeInvoiceWhenPaymentSucceeds)
      .when(new PaymentSucceeded({ ...success.data, unapplied: 'payment_does_not_fit' }))
      .then();
  });

  it('settles all of it with the fact', () => {
    for (const reaction of [requestPaymentWhenInvoiceIsIssued, collectWhenPaymentIsRequested, closeInvoiceWhenPaymentSucceeds]) {
      expect(reaction.settles).toBe('with');
    }
  });
});
