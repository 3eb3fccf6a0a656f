import { type AccountId, derivedId, type InvoiceId, newId, type PaymentId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import { type InvoiceEvent, InvoiceIssued, type InvoiceLine, InvoicePaid } from './invoice.events.js';
import type { IssueFacts, IssueInvoice } from './issue-invoice.js';

// The same named examples for every specification of this context.

export const accountId: AccountId = newId(7);
export const subscriptionId: SubscriptionId = newId(7);
export const invoiceId: InvoiceId = derivedId(subscriptionId, 'invoice/2026-01-31T15:00:00.000Z');
export const paymentId: PaymentId = derivedId(invoiceId, 'payment/1');
export const planId: PlanId = newId();
export const january31: Instant = instant('2026-01-31T15:00:00Z');

export const period: Period = { start: january31, end: instant('2026-02-28T15:00:00Z') };

export const usd = (amount: bigint): Money => Money.of(amount, 'USD');

export const baseCharge: Charge = {
  priceCode: 'base',
  kind: 'recurring',
  quantity: '1',
  unitAmount: '2900',
  amount: usd(2900n),
  period,
  proration: null,
  taxCode: null,
  taxBehavior: 'exclusive',
};

export const seatsCharge: Charge = { ...baseCharge, priceCode: 'seats', quantity: '3', unitAmount: '900.25', amount: usd(2701n) };

export const setupCharge: Charge = { ...baseCharge, priceCode: 'setup', kind: 'oneTime', unitAmount: '5000', amount: usd(5000n) };

export const freeCharge: Charge = { ...baseCharge, unitAmount: '0', amount: usd(0n) };

export const billing: NonNullable<IssueFacts> = { timeZone: timeZone('America/New_York'), numberPrefix: 'INV', daysUntilDue: 14 };

export const issue = (...charges: readonly Charge[]): IssueInvoice['data'] => ({
  ...{ invoiceId, accountId, subscriptionId, planId, planVersion: 1, currency: 'USD' },
  charges,
});

export function line(charge: Charge, index: number, description: string = charge.priceCode): InvoiceLine {
  const { kind, priceCode, quantity, unitAmount, amount, proration } = charge;
  return {
    ...{ id: derivedId(invoiceId, `line/${index}`), description, kind, priceCode, planId, planVersion: 1 },
    ...{ quantity, unitAmount, amount, period: charge.period, proration, taxes: [] },
  };
}

/** As the decision leaves it: the number is filled in by the append. */
export function issued(total: bigint, ...lines: readonly InvoiceLine[]): InvoiceIssued {
  const [amount, none] = [usd(total), usd(0n)];
  return new InvoiceIssued({
    ...{ invoiceId, accountId, subscriptionId, series: 'INV-2026', number: '', currency: 'USD', lines },
    ...{ subtotal: amount, discount: none, tax: none, total: amount, creditApplied: none, amountDue: amount },
    ...{ issuedAt: january31, dueAt: instant('2026-02-14T15:00:00Z') },
  });
}

export const paid = (amount: bigint, by: PaymentId | null = paymentId, paidAt: Instant = january31): InvoicePaid =>
  new InvoicePaid({ invoiceId, accountId, paymentId: by, amountPaid: usd(amount), paidAt });

/** Of 29.00 USD, due on 14 February. */
export const anOpenInvoice = (): InvoiceEvent[] => [issued(2900n, line(baseCharge, 0))];

export const aPaidInvoice = (): InvoiceEvent[] => [...anOpenInvoice(), paid(2900n)];
