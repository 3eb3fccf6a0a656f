import { type LedgerPosting, postings } from '#event-sourcing/postings.js';
import type { AccountId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import { InvoiceIssued, type InvoiceLine } from './invoice.events.js';

/** What the customer owes for each line; a line that takes back moves its amount the other way. */
export const invoicePostings = postings([InvoiceIssued], ({ data: { accountId, lines, issuedAt } }) =>
  lines.flatMap((line) => [
    ...moved(line, accountId, incomeAccount(line, issuedAt), line.net),
    ...line.taxes.flatMap(({ jurisdiction, amount }) => moved(line, accountId, `tax-payable:${jurisdiction}`, amount)),
  ]),
);

/** A service billed in advance is owed by us to the customer until its period has passed; what has passed, or is for once, is earned. */
function incomeAccount({ kind, period, plan }: InvoiceLine, issuedAt: Instant): string {
  const isEarned = kind !== 'recurring' || period.end <= issuedAt;
  return `${isEarned ? 'revenue' : 'deferred-revenue'}:${plan?.id ?? 'one-off'}`;
}

function moved({ id: lineId }: InvoiceLine, accountId: AccountId, income: string, amount: Money): LedgerPosting[] {
  const receivable = `receivable:${accountId}`;
  if (amount.isZero) return [];
  return amount.isPositive
    ? [{ from: income, to: receivable, amount, lineId }]
    : [{ from: receivable, to: income, amount: amount.negated(), lineId }];
}
