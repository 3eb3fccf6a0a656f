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

export const accountClosedToBilling = defineRefusal({
  code: 'account_closed',
  kind: 'conflict',
  hint: 'A closed account takes no new invoices; what it owes can still be paid.',
});

export const invoiceNotDraft = defineRefusal({
  code: 'invoice_not_draft',
  kind: 'conflict',
  hint: 'An issued invoice never changes.',
});

export const dueBeforeIssue = defineRefusal({
  code: 'due_at_in_past',
  kind: 'invalid',
  hint: 'Give a dueAt that is still to come, or leave it out for the usual terms.',
});

export const linePriceMissing = defineRefusal({
  code: 'line_price_missing',
  kind: 'invalid',
  hint: 'Give each line either a unitAmount (a decimal text) or an amount, not both.',
});
