import { enqueue } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { CollectionDecided, RecordInvoicePayment } from '#invoicing/contract.js';
import { derivedId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { PaymentSucceeded } from '../payment/payment.events.js';
import { anAccountId, anAmount, anInvoiceId, aPaymentId, aRequest, requestedAt, success } from '../payment/payment.examples.js';
import { RequestPayment } from '../payment/request-payment.js';
import {
  closeInvoiceWhenPaymentSucceeds,
  collectWhenPaymentIsRequested,
  requestPaymentWhenCollectionIsDecided,
} from './collect-invoice.saga.js';

const zero = Money.zero('USD');
const decided = (amountDue: Money) =>
  new CollectionDecided({
    ...{ invoiceId: anInvoiceId, accountId: anAccountId, creditApplied: zero, amountDue, issuedAt: requestedAt, dueAt: requestedAt },
  });

describe('collecting an invoice', () => {
  it('requests the payment of what is due, and of nothing else', () => {
    reactionOf(requestPaymentWhenCollectionIsDecided)
      .when(decided(anAmount))
      .then(new RequestPayment({ invoiceId: anInvoiceId, accountId: anAccountId, amount: anAmount, issuedAt: requestedAt }));
    reactionOf(requestPaymentWhenCollectionIsDecided).when(decided(zero)).then();
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
    for (const reaction of [requestPaymentWhenCollectionIsDecided, collectWhenPaymentIsRequested, closeInvoiceWhenPaymentSucceeds]) {
      expect(reaction.settles).toBe('with');
    }
  });
});
