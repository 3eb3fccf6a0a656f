import type { Currency } from '#kernel/currency.js';
import { hashedId, type Id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { JournalEntry, JournalPosting } from './journal.js';

// The same named examples for every specification of this library.

export const customer = '0190f0c8-1111-7000-8000-00000000002a';
export const plan = '0190f0c8-2222-7000-8000-00000000002b';

export const lineId: Id<'line'> = hashedId('a line', 42);

const billed = (amount: bigint, currency: Currency): JournalPosting => ({
  debitAccount: `receivable:${customer}`,
  creditAccount: `deferred-revenue:${plan}`,
  amount: Money.of(amount, currency),
  lineId,
});

export const eventId = (name: string): Id<'event'> => hashedId(name, 42);

export const anInvoiceIn = (currency: Currency, amount: bigint): JournalEntry => ({
  id: eventId(`an invoice in ${currency}`),
  effectiveAt: instant('2026-01-31T23:59:59.5Z'),
  postings: [billed(amount, currency)],
});

export const anInvoiceOfTwoLines = (): JournalEntry => ({
  id: eventId('an invoice of two lines'),
  effectiveAt: instant('2026-02-28T12:00:00Z'),
  postings: [
    billed(2900n, 'USD'),
    { debitAccount: `receivable:${customer}`, creditAccount: `revenue:${plan}`, amount: Money.of(5n, 'USD'), lineId: null },
  ],
});

export const aPayment = (): JournalEntry => ({
  id: eventId('a payment'),
  effectiveAt: instant('2026-02-28T12:00:01Z'),
  postings: [{ debitAccount: 'cash:stripe', creditAccount: `receivable:${customer}`, amount: Money.of(2905n, 'USD'), lineId: null }],
});
