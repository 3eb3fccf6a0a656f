import Stripe from 'stripe';
import { fromEpochMs } from '#kernel/instant.js';
import { webhookEventUnreadable, webhookSignatureInvalid } from '../payment/payment.refusals.js';
import type { GatewayEvent } from './payment-gateway.js';

/** Zero would switch the check off in some versions of the SDK, and mean five minutes in others. */
const TOLERANCE_SECONDS = 300;

/** Verifies signed events. With two secrets, while one is being rolled, a signature of either will do. */
export class StripeWebhooks {
  constructor(
    private readonly stripe: Stripe,
    private readonly secrets: readonly string[],
  ) {}

  /** Refuses with `webhook_signature_invalid`, and with `webhook_event_unreadable` what is signed and no event. */
  read(body: Buffer, signature: string): GatewayEvent {
    for (const secret of this.secrets) {
      const signed = this.verified(body, signature, secret);
      if (signed) return pointedTo(signed.event);
    }
    throw webhookSignatureInvalid('The signature of the webhook is not valid.');
  }

  /** Null where the signature is not one of this secret. */
  private verified(body: Buffer, signature: string, secret: string): { readonly event: PerhapsEvent | null } | null {
    try {
      return { event: this.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS) };
    } catch (error) {
      if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
      // The signature is looked at first: what it is about is signed, and no JSON, or an event of another kind.
      throw unreadable();
    }
  }
}

/** What is signed by Stripe may still be of a version that we do not know: nothing of it is taken for granted. */
interface PerhapsEvent {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly created?: unknown;
  readonly data?: { readonly object?: PerhapsObject | null } | null;
}

interface PerhapsObject {
  readonly id?: unknown;
  readonly object?: unknown;
  readonly payment_intent?: unknown;
}

/** Whether it was sent or is listed, an event is read the same way. One that is about nothing is kept, and left alone. */
export function pointedTo(event: PerhapsEvent | null): GatewayEvent {
  const { id: eventId, type, created } = event ?? {};
  if (typeof eventId !== 'string' || typeof type !== 'string' || typeof created !== 'number') throw unreadable();
  const object = event?.data?.object ?? {};
  const objectId = idOf(object);
  const intentId = object.object === 'payment_intent' ? objectId : idOf(object.payment_intent);
  return { eventId, type, createdAt: fromEpochMs(created * 1000), objectId, intentId };
}

/** A reference is an id, or the object itself. */
function idOf(reference: unknown): string | null {
  if (typeof reference === 'string') return reference;
  const id = typeof reference === 'object' && reference !== null && 'id' in reference ? reference.id : null;
  return typeof id === 'string' ? id : null;
}

const unreadable = () => webhookEventUnreadable('What was signed is not an event with id, type and time.');
