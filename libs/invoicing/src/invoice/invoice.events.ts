import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, Id, InvoiceId, PaymentId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { PriceKind } from '#pricing/price.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

export interface LineTax {
  /** In percent, as a decimal string: `"19"`. */
  readonly rate: string;
  readonly jurisdiction: string;
  readonly amount: Money;
  readonly note: string | null;
}

export interface InvoiceLine {
  readonly id: Id<'line'>;
  readonly description: string;
  readonly kind: PriceKind;
  readonly priceCode: string;
  readonly planId: PlanId;
  readonly planVersion: number;
  /** A decimal string. */
  readonly quantity: string;
  /** In minor units and parts of them, where the pricing model has a price for one unit. */
  readonly unitAmount: string | null;
  readonly amount: Money;
  readonly period: Period;
  readonly proration: { readonly numerator: string; readonly denominator: string; readonly unit: 'day' | 'second' } | null;
  readonly taxes: readonly LineTax[];
}

interface OfInvoice {
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
}

export class InvoiceIssued extends DomainEvent('InvoiceIssued', {
  money: ['lines[].amount', 'lines[].taxes[].amount', 'subtotal', 'discount', 'tax', 'total', 'creditApplied', 'amountDue'],
})<
  OfInvoice & {
    readonly subscriptionId: SubscriptionId;
    /** The series that the number is from, e.g. `INV-2026`. */
    readonly series: string;
    /** Filled in by the append, from the series. */
    number: string;
    readonly currency: Currency;
    readonly lines: readonly InvoiceLine[];
    readonly subtotal: Money;
    readonly discount: Money;
    readonly tax: Money;
    readonly total: Money;
    readonly creditApplied: Money;
    readonly amountDue: Money;
    readonly issuedAt: Instant;
    readonly dueAt: Instant;
  }
> {}

/** Nothing is owed any more: a payment came in, or there was nothing to pay. */
export class InvoicePaid extends DomainEvent('InvoicePaid', { money: ['amountPaid'] })<
  OfInvoice & { readonly paymentId: PaymentId | null; readonly amountPaid: Money; readonly paidAt: Instant }
> {}

export const invoiceEvents = [InvoiceIssued, InvoicePaid] as const;
export type InvoiceEvent = EventOf<typeof invoiceEvents>;
