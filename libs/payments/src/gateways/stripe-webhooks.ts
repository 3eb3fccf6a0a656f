import Stripe from 'stripe';
import { fromEpochMs } from '#kernel/instant.js';
import { webhookSignatureInvalid } from '../payment/payment.refusals.js';
import type { GatewayEvent } from './payment-gateway.js';

/** Zero would switch the check off in some versions of the SDK, and mean five minutes in others. */
const TOLERANCE_SECONDS = 300;

/** Verifies signed events. With two secrets, while one is being rolled, a signature of either will do. */
export class StripeWebhooks {
  constructor(
    private readonly stripe: Stripe,
    private readonly secrets: readonly string[],
  ) {}

  /** Refuses with `webhook_signature_invalid`. */
  read(body: Buffer, signature: string): GatewayEvent {
    for (const secret of this.secrets) {
      try {
        return pointedTo(this.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS));
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      }
    }
    throw webhookSignatureInvalid('The signature of the webhook is not valid.');
  }
}

/** Whether it was sent or is listed, an event is read the same way. */
export function pointedTo(event: Stripe.Event): GatewayEvent {
  const object = event.data.object as {
    readonly id?: string;
    readonly object: string;
    readonly payment_intent?: string | { readonly id: string } | null;
  };
  const named = typeof object.payment_intent === 'object' ? object.payment_intent?.id : object.payment_intent;
  return {
    eventId: event.id,
    type: event.type,
    createdAt: fromEpochMs(event.created * 1000),
    objectId: object.id ?? null,
    intentId: (object.object === 'payment_intent' ? object.id : named) ?? null,
  };
}
