import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { type AccountId, derivedId, type InvoiceId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Bill } from '#pricing/bill.js';
import { oneOffCharge } from '#pricing/charge.js';
import { InvoiceDrafted, type InvoiceEvent } from './invoice.events.js';
import { type BillingTerms, documentOf, issueOf, openToBilling } from './invoice.policies.js';
import { dueBeforeIssue } from './invoice.refusals.js';
import type { Invoice } from './invoice.state.js';

/** A line that a person writes. */
export interface WrittenLine {
  readonly description: string;
  /** A decimal string. */
  readonly quantity: string;
  /** In minor units and parts of them, as a decimal string. */
  readonly unitAmount: string;
  readonly taxCode: string | null;
}

/** Invoices what no subscription has caused: issued at once, or kept as a draft until it is issued. */
export class CreateInvoice extends Command('CreateInvoice')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly lines: readonly WrittenLine[];
  /** Null for the account's usual terms. */
  readonly dueAt: Instant | null;
  readonly draft: boolean;
}> {}

export function createInvoice(
  command: CreateInvoice['data'],
  state: Invoice,
  { now, facts }: DecisionContext<BillingTerms | null>,
): InvoiceEvent[] {
  switch (state.status) {
    case 'absent': {
      const { invoiceId, accountId, dueAt, draft } = command;
      const terms = openToBilling(facts, accountId);
      if (dueAt !== null && dueAt < now) throw dueBeforeIssue(`${dueAt} is before now, ${now}.`, { pointer: '/dueAt' });
      const contents = documentOf(billOf(command, terms, now), terms, accountId);
      if (!draft) return issueOf(invoiceId, accountId, contents, terms, { now, dueAt });
      return [new InvoiceDrafted({ invoiceId, accountId, ...contents, draftedAt: now, dueAt })];
    }
    case 'draft':
    case 'open':
    case 'paid':
      return [];
    default:
      return state satisfies never;
  }
}

function billOf({ invoiceId, lines }: CreateInvoice['data'], { currency }: BillingTerms, now: Instant): Bill {
  const charges = lines.map(({ description, quantity, unitAmount, taxCode }, index) =>
    oneOffCharge({ id: derivedId(invoiceId, `charge/${index}`), name: description, quantity, unitAmount, taxCode, currency, at: now }),
  );
  return { kind: 'oneOff', cause: `one-off/${invoiceId}`, charges };
}
