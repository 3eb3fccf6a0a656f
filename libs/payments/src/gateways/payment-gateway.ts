import type { AccountId, InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMethod, PaymentFailure } from '../payment/payment.events.js';

/** A frozen request: the same for every repetition. */
export interface IntentRequest {
  readonly key: string;
  readonly paymentId: PaymentId;
  readonly invoiceId: InvoiceId;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly method: GatewayMethod;
}

export type IntentState =
  | { readonly status: 'unconfirmed' }
  /** The customer would have to act (3-D Secure), who is not there. */
  | { readonly status: 'requires_action' }
  | { readonly status: 'processing' }
  | { readonly status: 'canceled' }
  | { readonly status: 'succeeded'; readonly chargeId: string; readonly amount: Money }
  | { readonly status: 'failed'; readonly failure: PaymentFailure };

/** What the gateway says about an intent, at the moment it was asked. */
export interface Intent {
  readonly intentId: string;
  readonly customerId: string | null;
  readonly amount: Money;
  /** As the metadata has it: text from outside, unless the intent was asked for by us. */
  readonly paymentId: string | null;
  readonly state: IntentState;
}

/** Who a customer is, for the people who look at the gateway's pages. */
export interface CustomerContact {
  readonly email: string;
  readonly name: string;
}

/** A method that the gateway has checked and keeps for its customer. */
export interface AttachedMethod {
  readonly gateway: GatewayMethod;
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
}

/** Money that the gateway took: by an intent, or by a charge without one. */
export interface SeenCharge {
  readonly objectId: string;
  readonly customerId: string | null;
  readonly amount: Money;
}

/** What an event of the gateway points to. What it says beyond that is not believed: events come late and out of order. */
export interface GatewayEvent {
  readonly eventId: string;
  readonly type: string;
  readonly createdAt: Instant;
  readonly objectId: string | null;
  readonly intentId: string | null;
}

/** From, and before; in the gateway's time. */
export interface TimeRange {
  readonly from: Instant;
  readonly to: Instant;
}

/** Money that moved at the gateway: a charge that was captured, or a refund of one, which is negative. */
export interface GatewayMovement {
  readonly kind: 'charge' | 'refund';
  /** The intent of a charge where it has one, so that it has one name from the first day on; else the charge or the refund. */
  readonly objectId: string;
  readonly intentId: string | null;
  /** As the metadata has it: text from outside. */
  readonly paymentId: string | null;
  readonly amount: Money;
}

/** The gateway may or may not have acted: a timeout, a closed connection, its own failure, a conflict. */
export class GatewayOutcomeUnknown extends Error {
  override readonly name = 'GatewayOutcomeUnknown';
}

/** The gateway certainly has not acted, and would later or after a repair: too many requests, a key that is not accepted. */
export class GatewayUnavailable extends Error {
  override readonly name = 'GatewayUnavailable';
}

/** The gateway will not do what was asked, now or later. Nothing was charged. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';

  constructor(
    readonly failure: PaymentFailure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options);
  }
}

/** The customer is not there, or not any more. */
export class GatewayCustomerMissing extends GatewayRefused {}

/**
 * Whoever moves the money. A declined payment is an answer, not an error; errors are `GatewayOutcomeUnknown`,
 * `GatewayUnavailable` and `GatewayRefused`. The same key with the same request has one effect, for at least 24 hours.
 */
export abstract class PaymentGateway {
  /** By which it is known wherever something of it is stored: with payment methods, payments, events and cash. Never changed. */
  abstract readonly name: string;
  /** Makes an intent that is not charged until it is confirmed. */
  abstract openIntent(request: IntentRequest): Promise<Intent>;
  /** Charges the intent's method, without the customer being there. */
  abstract confirmIntent(intentId: string, key: string): Promise<Intent>;
  /** Makes sure that the intent is never charged, unless it is already: the answer tells. */
  abstract cancelIntent(intentId: string, key: string): Promise<Intent>;
  /** Null when the gateway has no such intent. */
  abstract intent(intentId: string): Promise<Intent | null>;
  /** Finds the intent of a payment whose answer was lost. */
  abstract intentOfPayment(customerId: string, paymentId: PaymentId): Promise<Intent | null>;
  /** Null when there is none, or when it took nothing. */
  abstract charge(chargeId: string): Promise<SeenCharge | null>;
  /** Events that can be news of money, in pages, the newest first; the gateway may keep them for no more than 30 days. */
  abstract events(since: Instant): AsyncIterable<readonly GatewayEvent[]>;
  /** All money that moved in a time, in pages. */
  abstract movements(range: TimeRange): AsyncIterable<readonly GatewayMovement[]>;
  /** Makes a customer who has no name yet: what is asked for under a key must never change. Answers its id. */
  abstract createCustomer(accountId: AccountId, key: string): Promise<string>;
  /** Needs no key: it says how things are, not what to do. Throws `GatewayCustomerMissing`. */
  abstract updateCustomer(customerId: string, contact: CustomerContact): Promise<void>;
  /** With everything that the gateway may delete of it, its methods too. Nothing happens where it is gone already. */
  abstract deleteCustomer(customerId: string): Promise<void>;
  /** Throws `GatewayCustomerMissing`. */
  abstract attachMethod(customerId: string, token: string, key: string): Promise<AttachedMethod>;
  /** The gateway will charge it no more. Nothing happens where that is so already. */
  abstract detachMethod(methodId: string): Promise<void>;
}
