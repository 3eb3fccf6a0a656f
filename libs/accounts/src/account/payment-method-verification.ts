import type { AccountId } from '#kernel/ids.js';
import type { VerifiedPaymentMethod } from './account.events.js';

export interface VerificationRequest {
  readonly accountId: AccountId;
  /** A gateway's token for the method, e.g. `pm_card_visa`. */
  readonly token: string;
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
