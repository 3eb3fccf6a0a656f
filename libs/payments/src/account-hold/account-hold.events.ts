import { ERASED } from '#event-sourcing/declared-fields.js';
import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { AccountId, InvoiceId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** Why an account's billing looks impossible. */
export type ParkReason = 'too_many_invoices' | 'stray_charge' | 'by_hand';

/** An invoice whose payment was not asked for while the account was parked. */
export interface WithheldInvoice {
  readonly invoiceId: InvoiceId;
  readonly amount: Money;
  readonly issuedAt: Instant;
}

/** Nothing of the account is billed or charged by itself any more, until a person has looked. */
export class AccountParked extends DomainEvent('AccountParked', { person: { details: ERASED } })<{
  readonly accountId: AccountId;
  readonly reason: ParkReason;
  /** What was seen, for that person. */
  readonly details: string;
  readonly parkedAt: Instant;
}> {}

export class AccountReleased extends DomainEvent('AccountReleased', { money: ['withheld[].amount'], person: { reason: ERASED } })<{
  readonly accountId: AccountId;
  readonly reason: string;
  /** What is to be asked for now. */
  readonly withheld: readonly WithheldInvoice[];
  readonly releasedAt: Instant;
}> {}

/** One more invoice of a busy day whose payment may be requested. Of an ordinary day there are none. */
export class InvoiceAdmitted extends DomainEvent('InvoiceAdmitted', { money: ['amount'] })<{
  readonly accountId: AccountId;
  readonly invoiceId: InvoiceId;
  readonly amount: Money;
  readonly issuedAt: Instant;
}> {}

export const accountHoldEvents = [AccountParked, AccountReleased, InvoiceAdmitted] as const;
export type AccountHoldEvent = EventOf<typeof accountHoldEvents>;
