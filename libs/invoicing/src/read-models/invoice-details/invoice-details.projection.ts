import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { invoiceEvents } from '../../invoice/invoice.events.js';

/** Each invoice as REST and GraphQL show it. Its lines never change, so they are kept with it. */
export const invoiceDetails = readModel(invoiceEvents, {
  table: 'invoicing.invoice_details',
  tracksVersion: true,
  columns: {
    number: 'text',
    account_id: 'uuid',
    subscription_id: 'uuid',
    status: 'text',
    currency: 'text',
    subtotal_amount: 'bigint',
    discount_amount: 'bigint',
    tax_amount: 'bigint',
    total_amount: 'bigint',
    credit_applied_amount: 'bigint',
    due_amount: 'bigint',
    paid_amount: 'bigint',
    issued_at: 'timestamptz',
    due_at: 'timestamptz',
    paid_at: 'timestamptz',
    lines: 'json',
  },
  on: {
    InvoiceIssued: ({ data }) =>
      insert(data.invoiceId, {
        number: data.number,
        account_id: data.accountId,
        subscription_id: data.subscriptionId,
        status: 'open',
        currency: data.currency,
        subtotal_amount: data.subtotal.amount,
        discount_amount: data.discount.amount,
        tax_amount: data.tax.amount,
        total_amount: data.total.amount,
        credit_applied_amount: data.creditApplied.amount,
        due_amount: data.amountDue.amount,
        paid_amount: 0n,
        issued_at: data.issuedAt,
        due_at: data.dueAt,
        paid_at: null,
        lines: data.lines,
      }),
    InvoicePaid: ({ data }) =>
      update(data.invoiceId, { status: 'paid', due_amount: 0n, paid_amount: data.amountPaid.amount, paid_at: data.paidAt }),
  },
});
