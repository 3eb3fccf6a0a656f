import { whenever } from '#event-sourcing/reaction.js';
import { PeriodEnded, PeriodStarted, SubscriptionStarted, UsageSettled } from '#subscriptions/contract.js';
import { invoiceIdOf } from '../invoice/invoice.policies.js';
import { IssueInvoice } from '../invoice/issue-invoice.js';

/** Whatever bills something becomes an invoice in the same transaction: no bill is ever seen without its document. */
export const issueInvoiceWhenSomethingIsBilled = whenever(
  [SubscriptionStarted, PeriodStarted, PeriodEnded, UsageSettled],
  'with',
  ({ data: { subscriptionId, accountId, bill } }) =>
    bill ? [new IssueInvoice({ invoiceId: invoiceIdOf(subscriptionId, bill.cause), accountId, bill })] : [],
);
