import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { type DocumentContents, invoiceEvents } from '../../invoice/invoice.events.js';

/** Each invoice as REST and GraphQL show it. Its lines never change once it is issued, so they are kept with it. */
export const invoiceDetails = readModel(invoiceEvents, {
  table: 'invoicing.invoice_details',
  tracksVersion: true,
  columns: {
    number: 'text?',
    kind: 'text',
    cause: 'text',
    account_id: 'uuid',
    subscription_id: 'uuid?',
    status: 'text',
    currency: 'text',
    bill_to: 'json',
    subtotal_amount: 'bigint',
    discount_amount: 'bigint',
    tax_amount: 'bigint',
    taxes: 'json',
    total_amount: 'bigint',
    credit_applied_amount: 'bigint',
    due_amount: 'bigint',
    paid_amount: 'bigint',
    created_at: 'timestamptz',
    issued_at: 'timestamptz?',
    due_at: 'timestamptz?',
    paid_at: 'timestamptz?',
    supplements: 'uuid?',
    corrects: 'uuid?',
    lines: 'json',
  },
  on: {
    InvoiceDrafted: ({ data }) =>
      insert(data.invoiceId, {
        ...contents(data),
        account_id: data.accountId,
        status: 'draft',
        created_at: data.draftedAt,
        due_at: data.dueAt,
      }),
    InvoiceIssued: ({ data }, { version }) => {
      const issued = { ...contents(data), number: data.number, status: 'open', issued_at: data.issuedAt, due_at: data.dueAt };
      if (version > 1) return update(data.invoiceId, issued);
      return insert(data.invoiceId, { ...issued, account_id: data.accountId, created_at: data.issuedAt });
    },
    CollectionDecided: ({ data }) =>
      update(data.invoiceId, { credit_applied_amount: data.creditApplied.amount, due_amount: data.amountDue.amount }),
    InvoicePaid: ({ data }) =>
      update(data.invoiceId, { status: 'paid', due_amount: 0n, paid_amount: data.amountPaid.amount, paid_at: data.paidAt }),
  },
});

function contents(document: DocumentContents) {
  return {
    kind: document.kind,
    cause: document.cause,
    subscription_id: document.subscriptionId,
    currency: document.currency,
    bill_to: document.billTo,
    subtotal_amount: document.subtotal.amount,
    discount_amount: document.discount.amount,
    tax_amount: document.tax.amount,
    taxes: document.taxes,
    total_amount: document.total.amount,
    credit_applied_amount: 0n,
    due_amount: document.total.amount,
    paid_amount: 0n,
    supplements: document.supplements,
    corrects: document.corrects,
    lines: document.lines,
  };
}
