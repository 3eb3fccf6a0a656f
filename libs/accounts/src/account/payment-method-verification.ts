import type { AccountId } from '#kernel/ids.js';
import type { VerifiedPaymentMethod } from './account.events.js';

export interface VerificationRequest {
  readonly accountId: AccountId;
  readonly email: string;
  readonly name: string;
  /** A gateway's token for the method, e.g. `pm_card_visa`. */
  readonly token: string;
  /** The gateway's customer that the account has already; null where one is to be made, under a key that follows from the account. */
  readonly customerId: string | null;
  /** The same for the same request, so that a repetition meets the same method at the gateway. */
  readonly idempotencyKey: string;
  /** Where the token stands in the request, for the refusal: `/paymentMethod/token` or `/token`. */
  readonly pointer: string;
}

/**
 * The port by which accounts ask a gateway whether it takes a payment method. Always asked before a transaction, never in
 * one. Throws `payment_method_refused` for what the gateway declines.
 */
export abstract class PaymentMethodVerification {
  abstract verify(request: VerificationRequest): Promise<VerifiedPaymentMethod>;
}
