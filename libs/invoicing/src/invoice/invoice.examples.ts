import { type AccountId, derivedId, type InvoiceId, newId, type PaymentId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import { CollectionDecided, type InvoiceEvent, InvoiceIssued, type InvoiceLine, InvoicePaid } from './invoice.events.js';
import type { BillingTerms } from './invoice.policies.js';
import { invoiceIdOf } from './invoice.policies.js';
import type { IssueInvoice } from './issue-invoice.js';

// The same named examples for every specification of this context.

export const accountId: AccountId = newId(7);
export const subscriptionId: SubscriptionId = newId(7);
export const invoiceId: InvoiceId = invoiceIdOf(subscriptionId, 'period/1');
export const paymentId: PaymentId = derivedId(invoiceId, 'payment/1');
export const planId: PlanId = newId();
export const january31: Instant = instant('2026-01-31T15:00:00Z');

export const period: Period = { start: january31, end: instant('2026-02-28T15:00:00Z') };

export const usd = (amount: bigint): Money => Money.of(amount, 'USD');

export const baseCharge: Charge = {
  id: derivedId(subscriptionId, 'charge/period/1/base'),
  subscriptionId,
  plan: { id: planId, version: 1, name: 'Pro' },
  priceCode: 'base',
  name: 'Pro',
  kind: 'recurring',
  quantity: '1',
  unitAmount: '2900',
  amount: usd(2900n),
  period,
  proration: null,
  taxCode: null,
  exactAmount: '2900',
  taxBehavior: 'exclusive',
  reverses: null,
};

const other = (code: string): Pick<Charge, 'id' | 'priceCode'> => ({
  id: derivedId(subscriptionId, `charge/period/1/${code}`),
  priceCode: code,
});

export const seatsCharge: Charge = {
  ...baseCharge,
  ...other('seats'),
  ...{ name: 'Seats', quantity: '3', unitAmount: '900.25', amount: usd(2701n), exactAmount: '2700.75' },
};

export const setupCharge: Charge = {
  ...baseCharge,
  ...other('setup'),
  ...{ name: 'Setup', kind: 'oneTime', unitAmount: '5000', amount: usd(5000n), exactAmount: '5000' },
};

export const freeCharge: Charge = { ...baseCharge, unitAmount: '0', amount: usd(0n), exactAmount: '0' };

export const billing: BillingTerms = {
  currency: 'USD',
  timeZone: timeZone('America/New_York'),
  numberPrefix: 'INV',
  daysUntilDue: 14,
  particularsVersion: 1,
  testClockId: null,
  closed: false,
};

export const issue = (...charges: readonly Charge[]): IssueInvoice['data'] => ({
  invoiceId,
  accountId,
  bill: { kind: 'period', cause: 'period/1', charges },
});

export function line(charge: Charge, description: string = charge.name === 'Pro' ? 'Pro' : `Pro – ${charge.name}`): InvoiceLine {
  const { name: _, reverses, amount, ...shared } = charge;
  return { ...shared, amount, description, reversesLineId: reverses, discounts: [], net: amount, taxes: [] };
}

const dates = { issuedAt: january31, dueAt: instant('2026-02-14T15:00:00Z') };

/** As the decision leaves it: the number is filled in by the append. */
export function issued(total: bigint, ...lines: readonly InvoiceLine[]): InvoiceIssued {
  const [amount, none] = [usd(total), usd(0n)];
  return new InvoiceIssued({
    ...{ invoiceId, accountId, subscriptionId, kind: 'period', cause: 'period/1', series: 'INV-2026', number: '', currency: 'USD' },
    ...{ billTo: { accountId, particularsVersion: 1 }, seller: { particularsVersion: 0 }, lines },
    ...{ subtotal: amount, discount: none, tax: none, taxes: [], total: amount, supplements: null, corrects: null },
    ...dates,
  });
}

export const collected = (amountDue: bigint): CollectionDecided =>
  new CollectionDecided({ invoiceId, accountId, creditApplied: usd(0n), amountDue: usd(amountDue), ...dates });

export const paid = (amount: bigint, by: PaymentId | null = paymentId, paidAt: Instant = january31): InvoicePaid =>
  new InvoicePaid({ invoiceId, accountId, paymentId: by, amountPaid: usd(amount), paidAt });

/** Of 29.00 USD, due on 14 February. */
export const anOpenInvoice = (): InvoiceEvent[] => [issued(2900n, line(baseCharge)), collected(2900n)];

export const aPaidInvoice = (): InvoiceEvent[] => [...anOpenInvoice(), paid(2900n)];
