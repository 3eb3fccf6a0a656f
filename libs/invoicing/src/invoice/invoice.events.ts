import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, ChargeId, InvoiceId, PaymentId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { DocumentKind } from '#pricing/bill.js';
import type { ChargeOwner, Proration } from '#pricing/charge.js';
import type { PriceKind } from '#pricing/price.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

export interface LineDiscount {
  /** In words a customer knows. */
  readonly name: string;
  /** Above zero: what is taken off the line. */
  readonly amount: Money;
}

export interface LineTax {
  /** In percent, as a decimal string: `"19"`. */
  readonly rate: string;
  readonly jurisdiction: string;
  readonly amount: Money;
  readonly note: string | null;
}

/** The tax of one rate on the whole document. */
export interface DocumentTax extends LineTax {
  /** What it is the tax of: the net amount of the lines with this rate. */
  readonly base: Money;
}

/** One line bills one charge, and has its id. Below zero it takes back, wholly or in part, the line that it names. */
export interface InvoiceLine {
  readonly id: ChargeId;
  /** Null for what belongs to no subscription. */
  readonly subscriptionId: SubscriptionId | null;
  readonly plan: ChargeOwner['plan'] | null;
  readonly priceCode: string | null;
  readonly description: string;
  readonly kind: PriceKind;
  /** A decimal string. */
  readonly quantity: string;
  /** In minor units and parts of them, where the pricing model has a price for one unit. */
  readonly unitAmount: string | null;
  /** As priced, before discounts; with tax where the price includes it. */
  readonly amount: Money;
  readonly exactAmount: string;
  readonly period: Period;
  readonly proration: Proration | null;
  readonly reversesLineId: ChargeId | null;
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  readonly discounts: readonly LineDiscount[];
  /** After discounts and without tax. */
  readonly net: Money;
  readonly taxes: readonly LineTax[];
}

/** Where a document has its amounts. */
const documentMoney = [
  'lines[].amount',
  'lines[].discounts[].amount',
  'lines[].net',
  'lines[].taxes[].amount',
  'subtotal',
  'discount',
  'tax',
  'taxes[].amount',
  'taxes[].base',
  'total',
] as const;

interface OfInvoice {
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
}

/** What a document says, from its draft on. */
export interface DocumentContents {
  readonly kind: DocumentKind;
  /** Why there is this document, unique within its subscription or account: its id derives from it. */
  readonly cause: string;
  /** Null where it bills several subscriptions, or none. */
  readonly subscriptionId: SubscriptionId | null;
  readonly currency: Currency;
  /** Who is billed and who bills, as they were: by the version of their particulars, so that no person is copied into a document. */
  readonly billTo: { readonly accountId: AccountId; readonly particularsVersion: number };
  readonly seller: { readonly particularsVersion: number };
  readonly lines: readonly InvoiceLine[];
  readonly subtotal: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly taxes: readonly DocumentTax[];
  readonly total: Money;
  /** The invoice that this one adds late usage to, or that it corrects. */
  readonly supplements: InvoiceId | null;
  readonly corrects: InvoiceId | null;
}

/** The document waits: for a person's changes, or for an answer from outside. It has no number, and nothing is owed by it. */
export class InvoiceDrafted extends DomainEvent('InvoiceDrafted', { money: documentMoney })<
  OfInvoice &
    DocumentContents & {
      readonly draftedAt: Instant /** Null for the account's usual terms, from the issue on. */;
      readonly dueAt: Instant | null;
    }
> {}

export class InvoiceIssued extends DomainEvent('InvoiceIssued', { money: documentMoney })<
  OfInvoice &
    DocumentContents & {
      /** The series that the number is from, e.g. `INV-2026`. */
      readonly series: string;
      /** Filled in by the append, from the series. */
      number: string;
      readonly issuedAt: Instant;
      readonly dueAt: Instant;
    }
> {}

/** What is left to be collected, once tax and the account's credit are known: the request for payment hears this. */
export class CollectionDecided extends DomainEvent('CollectionDecided', { money: ['creditApplied', 'amountDue'] })<
  OfInvoice & { readonly creditApplied: Money; readonly amountDue: Money; readonly issuedAt: Instant; readonly dueAt: Instant }
> {}

/** Nothing is owed any more: a payment came in, or there was nothing to pay. */
export class InvoicePaid extends DomainEvent('InvoicePaid', { money: ['amountPaid'] })<
  OfInvoice & { readonly paymentId: PaymentId | null; readonly amountPaid: Money; readonly paidAt: Instant }
> {}

export const invoiceEvents = [InvoiceDrafted, InvoiceIssued, CollectionDecided, InvoicePaid] as const;
export type InvoiceEvent = EventOf<typeof invoiceEvents>;
