import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { localDate, plusDays } from '#kernel/calendar.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId, PlanId, SubscriptionId } from '#kernel/ids.js';
import { derivedId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import { type InvoiceEvent, InvoiceIssued, type InvoiceLine, InvoicePaid } from './invoice.events.js';
import { billedAccountUnknown } from './invoice.refusals.js';
import type { Invoice } from './invoice.state.js';

/** Bills the charges of a period. The invoice's id follows from subscription and period, so a period is billed once. */
export class IssueInvoice extends Command('IssueInvoice')<{
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly subscriptionId: SubscriptionId;
  readonly planId: PlanId;
  readonly planVersion: number;
  readonly currency: Currency;
  readonly charges: readonly Charge[];
}> {}

/** How the account is billed; null when there is no such account. */
export type IssueFacts = { readonly timeZone: TimeZone; readonly numberPrefix: string; readonly daysUntilDue: number } | null;

export function issueInvoice(command: IssueInvoice['data'], state: Invoice, { now, facts }: DecisionContext<IssueFacts>): InvoiceEvent[] {
  if (state.status !== 'absent') return [];
  if (!facts) throw billedAccountUnknown(`The account ${command.accountId} is not known to invoicing.`);
  const { invoiceId, accountId, subscriptionId, currency } = command;
  const lines = command.charges.map((charge, index) => lineFor(command, charge, index));
  const total = Money.sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const none = Money.zero(currency);
  const issued = new InvoiceIssued({
    invoiceId,
    accountId,
    subscriptionId,
    series: `${facts.numberPrefix}-${localDate(now, facts.timeZone).slice(0, 4)}`,
    number: '',
    currency,
    lines,
    subtotal: total,
    discount: none,
    tax: none,
    total,
    creditApplied: none,
    amountDue: total,
    issuedAt: now,
    dueAt: plusDays(now, facts.daysUntilDue, facts.timeZone),
  });
  return total.isZero ? [issued, new InvoicePaid({ invoiceId, accountId, paymentId: null, amountPaid: none, paidAt: now })] : [issued];
}

function lineFor({ invoiceId, planId, planVersion }: IssueInvoice['data'], charge: Charge, index: number): InvoiceLine {
  const { kind, priceCode, quantity, unitAmount, amount, period, proration } = charge;
  const description = charge.proration
    ? `${priceCode} (${charge.proration.numerator} of ${charge.proration.denominator} ${charge.proration.unit}s)`
    : priceCode;
  return {
    id: derivedId(invoiceId, `line/${index}`),
    description,
    kind,
    priceCode,
    planId,
    planVersion,
    quantity,
    unitAmount,
    amount,
    period,
    proration,
    taxes: [],
  };
}
