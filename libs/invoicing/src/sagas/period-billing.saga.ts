import { whenever } from '#event-sourcing/reaction.js';
import { derivedId, type InvoiceId, type SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { PeriodStarted } from '#subscriptions/contract.js';
import { IssueInvoice } from '../invoice/issue-invoice.js';

/** A period of a subscription has one invoice: whoever asks for it again asks for the same. */
export function invoiceOfPeriod(subscriptionId: SubscriptionId, periodStart: Instant): InvoiceId {
  return derivedId(subscriptionId, `invoice/${periodStart}`);
}

export const issueInvoiceWhenPeriodStarts = whenever([PeriodStarted], 'with', ({ data }) => {
  const { subscriptionId, accountId, planId, planVersion, currency, charges, period } = data;
  return [
    new IssueInvoice({
      invoiceId: invoiceOfPeriod(subscriptionId, period.start),
      accountId,
      subscriptionId,
      planId,
      planVersion,
      currency,
      charges,
    }),
  ];
});
