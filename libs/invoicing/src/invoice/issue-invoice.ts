import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId, InvoiceId } from '#kernel/ids.js';
import type { Bill } from '#pricing/bill.js';
import type { InvoiceEvent } from './invoice.events.js';
import { type BillingTerms, billable, documentOf, issueOf } from './invoice.policies.js';
import type { Invoice } from './invoice.state.js';

/** Invoices what another event has billed. The invoice's id follows from the cause, so nothing is billed twice. */
export class IssueInvoice extends Command('IssueInvoice')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly bill: Bill;
}> {}

export function issueInvoice(
  { invoiceId, accountId, bill }: IssueInvoice['data'],
  state: Invoice,
  { now, facts }: DecisionContext<BillingTerms | null>,
): InvoiceEvent[] {
  switch (state.status) {
    case 'absent': {
      const terms = billable(facts, accountId);
      return issueOf(invoiceId, accountId, documentOf(bill, terms, accountId), terms, { now, dueAt: null });
    }
    case 'draft':
    case 'open':
    case 'paid':
      return [];
    default:
      return state satisfies never;
  }
}
