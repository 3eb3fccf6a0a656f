import { ERASED } from '#event-sourcing/declared-fields.js';
import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { AccountId, InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** What is charged, in the gateway's names; and which gateway that is. */
export interface GatewayMethod {
  readonly gateway: string;
  readonly customerId: string;
  readonly methodId: string;
}

export interface PaymentFailure {
  /** The decline code of the issuer where there is one, else a code of the gateway or of ours; stable, snake_case. */
  readonly code: string;
  readonly message: string;
  /** True when the same method will never do: the next attempt waits for another one. */
  readonly hard: boolean;
}

interface OfPayment {
  readonly paymentId: PaymentId;
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
}

/** The request as it will be sent, however often: whatever changes later, a repetition carries the same bytes and keys. */
export class PaymentRequested extends DomainEvent('PaymentRequested', { money: ['amount'] })<
  OfPayment & {
    /** From 1, for each invoice. */
    readonly attempt: number;
    readonly amount: Money;
    readonly method: GatewayMethod;
    /** The keys of all calls for this payment begin with it. */
    readonly gatewayKey: string;
    readonly requestedAt: Instant;
  }
> {}

/** The gateway holds an unconfirmed intent of ours: recorded before it is confirmed, so that it can always be asked about. */
export class PaymentIntentOpened extends DomainEvent('PaymentIntentOpened')<
  OfPayment & {
    readonly intentId: string;
    /** In real time, whatever clock the account is on: the gateway's keys age in real time. */
    readonly askedAt: Instant;
  }
> {}

/** The gateway may or may not have acted. No other attempt is made until it has told. */
export class PaymentOutcomeUnknown extends DomainEvent('PaymentOutcomeUnknown', { person: { reason: ERASED } })<
  OfPayment & {
    readonly reason: string;
    /** In real time, when the request was first sent. */
    readonly askedAt: Instant;
  }
> {}

/**
 * Nothing is asked of the gateway until the account is released, where it is parked; or, on a day of many invoices, until this
 * one is counted and admitted, which follows at once.
 */
export class PaymentWithheld extends DomainEvent('PaymentWithheld', { money: ['amount'] })<
  OfPayment & {
    readonly amount: Money;
    readonly issuedAt: Instant;
    readonly reason: 'account_parked' | 'many_invoices';
    /** How many invoices of the 24 hours before went without being counted by the account's hold. */
    readonly unadmittedLately: number;
    readonly withheldAt: Instant;
  }
> {}

export class PaymentSucceeded extends DomainEvent('PaymentSucceeded', { money: ['amount'] })<
  OfPayment & {
    /** Where the money is now. */
    readonly gateway: string;
    readonly amount: Money;
    readonly intentId: string;
    readonly chargeId: string;
    readonly succeededAt: Instant;
    /** Why the invoice did not take the money, as a stable code: it is the customer's credit then. */
    readonly unapplied?: string;
  }
> {}

export class PaymentFailed extends DomainEvent('PaymentFailed', { money: ['amount'], person: { 'failure.message': ERASED } })<
  OfPayment & {
    readonly attempt: number;
    readonly amount: Money;
    readonly intentId: string | null;
    readonly failure: PaymentFailure;
    readonly failedAt: Instant;
  }
> {}

export const paymentEvents = [
  PaymentRequested,
  PaymentWithheld,
  PaymentIntentOpened,
  PaymentOutcomeUnknown,
  PaymentSucceeded,
  PaymentFailed,
] as const;
export type PaymentEvent = EventOf<typeof paymentEvents>;
