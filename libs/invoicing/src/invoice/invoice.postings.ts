import { postings } from '#event-sourcing/postings.js';
import { InvoiceIssued } from './invoice.events.js';

/** A service billed in advance is owed to us by the customer, and by us to the customer until its period has passed. */
export const invoicePostings = postings([InvoiceIssued], ({ data: { accountId, lines } }) =>
  lines
    .filter(({ amount }) => amount.isPositive)
    .map(({ id: lineId, amount, planId, kind }) => ({
      from: kind === 'oneTime' ? `revenue:${planId}` : `deferred-revenue:${planId}`,
      to: `receivable:${accountId}`,
      amount,
      lineId,
    })),
);
