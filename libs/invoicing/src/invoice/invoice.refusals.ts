import { defineRefusal } from '#kernel/refusal.js';

export const invoiceNotFound = defineRefusal({
  code: 'invoice_not_found',
  kind: 'not-found',
  hint: 'List the invoices with GET /v1/invoices.',
});

export const paymentDoesNotFit = defineRefusal({
  code: 'payment_does_not_fit',
  kind: 'conflict',
  hint: 'An invoice is closed by one payment of exactly what is due; record anything else as credit.',
});

export const billedAccountUnknown = defineRefusal({
  code: 'account_not_billable',
  kind: 'conflict',
  hint: 'The account has no billing terms: rebuild the read model invoicing.billing_terms.',
});
