import { enqueue, whenever } from '#event-sourcing/reaction.js';
import { CollectionDecided, RecordInvoicePayment } from '#invoicing/contract.js';
import { derivedId } from '#kernel/ids.js';
import { PaymentRequested, PaymentSucceeded } from '../payment/payment.events.js';
import { RequestPayment } from '../payment/request-payment.js';

export const requestPaymentWhenCollectionIsDecided = whenever(
  [CollectionDecided],
  'with',
  ({ data: { invoiceId, accountId, amountDue, issuedAt } }) =>
    amountDue.isPositive ? [new RequestPayment({ invoiceId, accountId, amount: amountDue, issuedAt })] : [],
);

/** The job is a row of the same transaction: what is requested is collected, whatever crashes. */
export const collectWhenPaymentIsRequested = whenever([PaymentRequested], 'with', ({ data: { paymentId } }, { correlationId }) => [
  enqueue('payments.collect', derivedId(paymentId, 'collect'), { paymentId, correlationId }),
]);

export const closeInvoiceWhenPaymentSucceeds = whenever(
  [PaymentSucceeded],
  'with',
  ({ data: { invoiceId, paymentId, amount, unapplied } }) =>
    unapplied ? [] : [new RecordInvoicePayment({ invoiceId, paymentId, amount })],
);
