import { ERASED } from '#event-sourcing/declared-fields.js';
import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PaymentMethodId, TestClockId } from '#kernel/ids.js';
import type { TimeZone } from '#kernel/time-zone.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** A number under which a tax office knows the customer, e.g. `{ type: 'eu_vat', value: 'DE136695976' }`. */
export interface TaxId {
  readonly type: string;
  readonly value: string;
}

/** Where invoices are addressed to; the country is the account's. */
export interface PostalAddress {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly postalCode: string;
  readonly region: string | null;
}

/** What can be changed about an account. */
export interface Particulars {
  readonly email: string;
  readonly name: string;
  readonly address: PostalAddress | null;
  readonly timeZone: TimeZone;
  /** A language tag (BCP 47). */
  readonly locale: string | null;
  /** ISO 3166-1 alpha-2, in upper case. */
  readonly country: string | null;
  /** The state or province, as its tax office abbreviates it: `CA`. */
  readonly region: string | null;
  readonly taxIds: readonly TaxId[];
  readonly taxExempt: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** The id that the seller's own system has for the customer: given once, kept for ever. */
  readonly externalId: string | null;
}

/** What a gateway says of a means of payment that it has verified and keeps. No card number ever comes this far. */
export interface VerifiedPaymentMethod {
  /** The gateway's word for it, e.g. `card`. */
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  /** What it is called there, and where that is. */
  readonly gateway: { readonly name: string; readonly customerId: string; readonly methodId: string };
}

interface OfAccount {
  readonly accountId: AccountId;
}

/** By which a document refers to whom it bills, without copying the person. */
interface VersionOfParticulars {
  /** From 1, one more with every change. */
  readonly particularsVersion: number;
}

/** What goes with the person. Metadata and ids of the seller's own too: sellers keep names and addresses there. */
const ofPerson = { email: ERASED, metadata: {}, externalId: null } as const;
/** What an invoice must say of its recipient. */
const ofRecord = { name: ERASED, address: null, taxIds: [] } as const;

export class AccountCreated extends DomainEvent('AccountCreated', { person: ofPerson, record: ofRecord })<
  OfAccount & Particulars & VersionOfParticulars & { readonly currency: Currency; readonly testClockId: TestClockId | null }
> {}

/** Holds only what is different from before, with its new value. */
export class AccountChanged extends DomainEvent('AccountChanged', {
  person: { 'changes.email': ERASED, 'changes.metadata': {}, 'changes.externalId': null },
  record: { 'changes.name': ERASED, 'changes.address': null, 'changes.taxIds': [] },
})<OfAccount & VersionOfParticulars & { readonly changes: Partial<Particulars> }> {}

export class PaymentMethodAdded extends DomainEvent('PaymentMethodAdded', { person: { last4: ERASED } })<
  OfAccount & VerifiedPaymentMethod & { readonly paymentMethodId: PaymentMethodId; readonly isDefault: boolean }
> {}

export class DefaultPaymentMethodChanged extends DomainEvent('DefaultPaymentMethodChanged')<
  OfAccount & { readonly paymentMethodId: PaymentMethodId }
> {}

export class PaymentMethodRemoved extends DomainEvent('PaymentMethodRemoved')<
  OfAccount & { readonly paymentMethodId: PaymentMethodId; readonly wasDefault: boolean }
> {}

/** The end of an account; what was billed to it stays in the books. */
export class AccountClosed extends DomainEvent('AccountClosed')<OfAccount> {}

/** The person is erased: what named it reads as `[erased]`, but for what the law makes its invoices keep. */
export class AccountErased extends DomainEvent('AccountErased', { record: { reason: ERASED } })<OfAccount & { readonly reason: string }> {}

export const accountEvents = [
  AccountCreated,
  AccountChanged,
  PaymentMethodAdded,
  DefaultPaymentMethodChanged,
  PaymentMethodRemoved,
  AccountClosed,
  AccountErased,
] as const;
export type AccountEvent = EventOf<typeof accountEvents>;
