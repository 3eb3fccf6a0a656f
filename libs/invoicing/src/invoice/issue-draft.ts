import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { InvoiceId } from '#kernel/ids.js';
import type { InvoiceEvent } from './invoice.events.js';
import { type BillingTerms, billable, issueOf } from './invoice.policies.js';
import { dueBeforeIssue, invoiceNotDraft, invoiceNotFound } from './invoice.refusals.js';
import type { Invoice } from './invoice.state.js';

/** Issues a draft as it is: from then on it has a number and never changes. */
export class IssueDraft extends Command('IssueDraft')<{ readonly invoiceId: InvoiceId }> {}

export function issueDraft(
  { invoiceId }: IssueDraft['data'],
  state: Invoice,
  { now, facts }: DecisionContext<BillingTerms | null>,
): InvoiceEvent[] {
  switch (state.status) {
    case 'absent':
      throw invoiceNotFound(`There is no invoice ${invoiceId}.`);
    case 'open':
    case 'paid':
      throw invoiceNotDraft(`The invoice ${invoiceId} is issued already.`);
    case 'draft': {
      const { accountId, contents, dueAt } = state;
      if (dueAt !== null && dueAt < now) throw dueBeforeIssue(`The draft is due at ${dueAt}, which has passed.`);
      return issueOf(invoiceId, accountId, contents, billable(facts, accountId), { now, dueAt });
    }
    default:
      return state satisfies never;
  }
}
