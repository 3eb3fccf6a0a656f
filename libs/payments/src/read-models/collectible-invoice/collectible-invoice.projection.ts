import { ignored, insert, readModel, update } from '#event-sourcing/read-model.js';
import { CollectionDecided, InvoicePaid } from '#invoicing/contract.js';
import { InvoiceAdmitted } from '../../account-hold/account-hold.events.js';
import {
  PaymentFailed,
  PaymentIntentOpened,
  PaymentOutcomeUnknown,
  PaymentRequested,
  PaymentSucceeded,
  PaymentWithheld,
} from '../../payment/payment.events.js';

/** Invoices as far as collecting goes: what is due, and how far the attempts have come. */
export const collectibleInvoice = readModel(
  [
    CollectionDecided,
    InvoicePaid,
    PaymentRequested,
    PaymentWithheld,
    PaymentIntentOpened,
    PaymentOutcomeUnknown,
    PaymentSucceeded,
    PaymentFailed,
    InvoiceAdmitted,
  ],
  {
    table: 'payments.collectible_invoice',
    columns: {
      account_id: 'uuid',
      due_amount: 'bigint',
      currency: 'text',
      is_open: 'boolean',
      attempts: 'integer',
      open_payment_id: 'uuid?',
      issued_at: 'timestamptz',
      is_withheld: 'boolean',
      is_admitted: 'boolean',
    },
    on: {
      CollectionDecided: ({ data }) =>
        insert(data.invoiceId, {
          account_id: data.accountId,
          due_amount: data.amountDue.amount,
          currency: data.amountDue.currency,
          is_open: true,
          attempts: 0,
          issued_at: data.issuedAt,
          is_withheld: false,
          is_admitted: false,
        }),
      InvoicePaid: ({ data }) => update(data.invoiceId, { is_open: false }),
      PaymentRequested: ({ data }) =>
        update(data.invoiceId, { attempts: data.attempt, open_payment_id: data.paymentId, is_withheld: false }),
      PaymentWithheld: ({ data }) => update(data.invoiceId, { is_withheld: true }),
      InvoiceAdmitted: ({ data }) => update(data.invoiceId, { is_admitted: true }),
      PaymentIntentOpened: ignored,
      PaymentOutcomeUnknown: ignored,
      PaymentSucceeded: ({ data }) => update(data.invoiceId, { open_payment_id: null }),
      PaymentFailed: ({ data }) => update(data.invoiceId, { open_payment_id: null }),
    },
  },
);
