import { reactionOf } from '#event-sourcing/testing/specification.js';
import { PeriodEnded, PeriodStarted, UsageSettled } from '#subscriptions/contract.js';
import { accountId, baseCharge, issue, period, seatsCharge, subscriptionId } from '../invoice/invoice.examples.js';
import { invoiceIdOf } from '../invoice/invoice.policies.js';
import { IssueInvoice } from '../invoice/issue-invoice.js';
import { issueInvoiceWhenSomethingIsBilled } from './billing.saga.js';

const { bill } = issue(baseCharge, seatsCharge);

describe('A bill', () => {
  it('is invoiced with its charges in the transaction of the event that carries it', () => {
    reactionOf(issueInvoiceWhenSomethingIsBilled)
      .when(new PeriodStarted({ subscriptionId, accountId, number: 1, index: 0, period, bill }))
      .then(new IssueInvoice({ invoiceId: invoiceIdOf(subscriptionId, 'period/1'), accountId, bill }));
    expect(issueInvoiceWhenSomethingIsBilled.settles).toBe('with');
  });

  it('is a document of its own for another cause', () => {
    const atEnd = { ...bill, cause: 'period/1/end' };
    reactionOf(issueInvoiceWhenSomethingIsBilled)
      .when(new PeriodEnded({ subscriptionId, accountId, number: 1, period, because: 'canceled', bill: atEnd, lateUsage: null }))
      .then(new IssueInvoice({ invoiceId: invoiceIdOf(subscriptionId, 'period/1/end'), accountId, bill: atEnd }));
  });

  it('of late usage is one as well', () => {
    const late = { kind: 'lateUsage', cause: 'late-usage/1', supplements: 'period/2', charges: bill.charges } as const;
    reactionOf(issueInvoiceWhenSomethingIsBilled)
      .when(new UsageSettled({ subscriptionId, accountId, number: 1, period, used: [], bill: late }))
      .then(new IssueInvoice({ invoiceId: invoiceIdOf(subscriptionId, 'late-usage/1'), accountId, bill: late }));
  });

  it('is no document where there is none', () => {
    reactionOf(issueInvoiceWhenSomethingIsBilled)
      .when(new PeriodStarted({ subscriptionId, accountId, number: 1, index: 0, period, bill: null }))
      .then();
  });
});
