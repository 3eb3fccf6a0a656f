import { localDate, plusDays } from '#kernel/calendar.js';
import type { Currency } from '#kernel/currency.js';
import { type AccountId, derivedId, type InvoiceId, type TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Bill } from '#pricing/bill.js';
import type { Charge } from '#pricing/charge.js';
import {
  CollectionDecided,
  type DocumentContents,
  type InvoiceEvent,
  InvoiceIssued,
  type InvoiceLine,
  InvoicePaid,
} from './invoice.events.js';
import { accountClosedToBilling, billedAccountUnknown } from './invoice.refusals.js';

/** Numbers look like `INV-2026-000001` until branding gives the account's legal entity a prefix of its own. */
export const defaultNumberPrefix = 'INV';

/** Charged at once; whoever pays otherwise has two weeks. */
export const defaultDaysUntilDue = 14;

/** How an account is billed. */
export interface BillingTerms {
  readonly currency: Currency;
  readonly timeZone: TimeZone;
  readonly numberPrefix: string;
  readonly daysUntilDue: number;
  readonly particularsVersion: number;
  readonly testClockId: TestClockId | null;
  readonly closed: boolean;
}

/** Refuses where invoicing does not know the account. */
export function billable(terms: BillingTerms | null, accountId: AccountId): BillingTerms {
  if (!terms) throw billedAccountUnknown(`The account ${accountId} is not known to invoicing.`);
  return terms;
}

/** Refuses an account that takes no new business; what it owes by then is billed and paid all the same. */
export function openToBilling(terms: BillingTerms | null, accountId: AccountId): BillingTerms {
  const { closed } = billable(terms, accountId);
  if (closed) throw accountClosedToBilling(`The account ${accountId} is closed.`, { pointer: '/accountId' });
  return terms!;
}

/** The same cause is the same document, whoever asks for it how often. `owner` is the subscription, or the account where there is none. */
export function invoiceIdOf(owner: string, cause: string): InvoiceId {
  return derivedId(owner, `invoice/${cause}`);
}

/** What a bill comes to as a document: a line for each charge, and the sums. */
export function documentOf(bill: Bill, terms: BillingTerms, accountId: AccountId): DocumentContents {
  const lines = bill.charges.map(lineFor);
  const { currency } = bill.charges[0]!.amount;
  const none = Money.zero(currency);
  const subtotal = Money.sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  if (subtotal.isNegative) throw new Error(`The bill ${bill.cause} comes to ${subtotal}: what is given back is a credit note.`);
  const subscriptionId = subscriptionOf(lines);
  return {
    kind: bill.kind,
    cause: bill.cause,
    subscriptionId,
    currency,
    billTo: { accountId, particularsVersion: terms.particularsVersion },
    seller: { particularsVersion: 0 },
    lines,
    subtotal,
    discount: none,
    tax: none,
    taxes: [],
    total: subtotal,
    supplements: bill.supplements && subscriptionId ? invoiceIdOf(subscriptionId, bill.supplements) : null,
    corrects: null,
  };
}

/** Null where the lines are for several subscriptions, or for none. */
function subscriptionOf(lines: readonly InvoiceLine[]): InvoiceLine['subscriptionId'] {
  const { subscriptionId } = lines[0]!;
  return lines.every((line) => line.subscriptionId === subscriptionId) ? subscriptionId : null;
}

function lineFor(charge: Charge): InvoiceLine {
  const { id, subscriptionId, plan, priceCode, kind, quantity, unitAmount, amount, exactAmount, period, proration } = charge;
  return {
    id,
    subscriptionId,
    plan,
    priceCode,
    description: descriptionOf(charge),
    kind,
    quantity,
    unitAmount,
    amount,
    exactAmount,
    period,
    proration,
    reversesLineId: charge.reverses,
    taxCode: charge.taxCode,
    taxBehavior: charge.taxBehavior,
    discounts: [],
    net: amount,
    taxes: [],
  };
}

/** `Pro – Seats (17 of 30 days)`: the plan, the price where it has another name, and the part of a whole period. */
function descriptionOf({ plan, name, proration }: Charge): string {
  const words = plan && plan.name !== name ? `${plan.name} – ${name}` : name;
  return proration ? `${words} (${proration.numerator} of ${proration.denominator} ${proration.unit}s)` : words;
}

/** Gives the document its day and its series, and decides what is collected: all of it, until the account has credit. */
export function issueOf(
  invoiceId: InvoiceId,
  accountId: AccountId,
  contents: DocumentContents,
  terms: BillingTerms,
  { now, dueAt }: { readonly now: Instant; readonly dueAt: Instant | null },
): InvoiceEvent[] {
  const ofInvoice = { invoiceId, accountId };
  const dates = { issuedAt: now, dueAt: dueAt ?? plusDays(now, terms.daysUntilDue, terms.timeZone) };
  const { total, currency } = contents;
  const none = Money.zero(currency);
  return [
    new InvoiceIssued({ ...ofInvoice, ...contents, series: seriesOf(terms, now), number: '', ...dates }),
    new CollectionDecided({ ...ofInvoice, creditApplied: none, amountDue: total, ...dates }),
    ...(total.isZero ? [new InvoicePaid({ ...ofInvoice, paymentId: null, amountPaid: none, paidAt: now })] : []),
  ];
}

/** Of each prefix and year. Every test clock has series of its own: it is not the time of the others, nor are its documents real. */
function seriesOf({ numberPrefix, testClockId, timeZone }: BillingTerms, issuedAt: Instant): string {
  const prefix = testClockId ? `TEST-${testClockId.slice(-12).toUpperCase()}` : numberPrefix;
  return `${prefix}-${localDate(issuedAt, timeZone).slice(0, 4)}`;
}
