import { reactionOf } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { PeriodStarted } from '#subscriptions/contract.js';
import { accountId, baseCharge, issue, period, planId, seatsCharge, subscriptionId } from '../invoice/invoice.examples.js';
import { IssueInvoice } from '../invoice/issue-invoice.js';
import { invoiceOfPeriod, issueInvoiceWhenPeriodStarts } from './period-billing.saga.js';

const charges = [baseCharge, seatsCharge];
const started = new PeriodStarted({
  ...{ subscriptionId, accountId, index: 0, period, currency: 'USD', planId, planVersion: 1, charges },
});

describe('A period that starts', () => {
  it('is invoiced with its charges, in the same transaction', () => {
    const invoiceId = invoiceOfPeriod(subscriptionId, period.start);
    reactionOf(issueInvoiceWhenPeriodStarts)
      .when(started)
      .then(new IssueInvoice({ ...issue(...charges), invoiceId }));
    expect(issueInvoiceWhenPeriodStarts.settles).toBe('with');
  });

  it('has one invoice, and another than the period after it', () => {
    expect(invoiceOfPeriod(subscriptionId, period.start)).toBe(invoiceOfPeriod(subscriptionId, instant('2026-01-31T15:00:00.000Z')));
    expect(invoiceOfPeriod(subscriptionId, period.end)).not.toBe(invoiceOfPeriod(subscriptionId, period.start));
  });
});
