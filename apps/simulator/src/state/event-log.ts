import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type Stripe from 'stripe';
import { Collection } from './collection.js';
import { newObjectId } from './object-ids.js';
import type { SimulatedClock } from './simulated-clock.js';

/** The version of the SDK whose types these answers are checked against. */
export const apiVersion: Stripe.LatestApiVersion = '2026-10-28.endive';

/** What brought an event about; both are `null` for what no request did, such as a bank's late answer. */
export interface Origin {
  id: string | null;
  idempotencyKey: string | null;
}

export const noRequest: Origin = { id: null, idempotencyKey: null };

/** An event that was written and has to be sent. */
export interface RecordedEvent {
  id: string;
  type: string;
  payload: string;
}

type PaymentIntentEvent =
  | 'payment_intent.created'
  | 'payment_intent.succeeded'
  | 'payment_intent.payment_failed'
  | 'payment_intent.canceled'
  | 'payment_intent.processing'
  | 'payment_intent.requires_action'
  | 'payment_intent.amount_capturable_updated';
type ChargeEvent = 'charge.succeeded' | 'charge.failed' | 'charge.pending' | 'charge.captured' | 'charge.refunded';
type RefundEvent = 'refund.created' | 'refund.updated' | 'refund.failed';
type PaymentMethodEvent = 'payment_method.attached' | 'payment_method.detached' | 'payment_method.updated';
type CustomerEvent = 'customer.created' | 'customer.updated' | 'customer.deleted';

/** Stripe's events: each is written in the transaction of what it tells, and sent after it. */
export class EventLog {
  readonly collection: Collection<Stripe.Event>;
  /** Whether a webhook is listening, so that a delivery has to be remembered. */
  delivers = false;
  private readonly deliveryInsertion: StatementSync;
  private recorded: RecordedEvent[] = [];

  constructor(
    database: DatabaseSync,
    private readonly clock: SimulatedClock,
  ) {
    this.collection = new Collection<Stripe.Event>(database, 'events', (event) => ({ type: event.type }));
    this.deliveryInsertion = database.prepare('INSERT INTO webhook_deliveries (event_id, attempts) VALUES (?, 0)');
  }

  ofPaymentIntent(type: PaymentIntentEvent, object: Stripe.PaymentIntent, origin: Origin): void {
    this.append({ ...this.envelope(origin), type, data: { object } });
  }

  ofCharge(type: ChargeEvent, object: Stripe.Charge, origin: Origin, previous?: Partial<Stripe.Charge>): void {
    this.append({ ...this.envelope(origin), type, data: { object, previous_attributes: previous } });
  }

  ofRefund(type: RefundEvent, object: Stripe.Refund, origin: Origin, previous?: Partial<Stripe.Refund>): void {
    this.append({ ...this.envelope(origin), type, data: { object, previous_attributes: previous } });
  }

  ofPaymentMethod(type: PaymentMethodEvent, object: Stripe.PaymentMethod, origin: Origin, previous?: Partial<Stripe.PaymentMethod>): void {
    this.append({ ...this.envelope(origin), type, data: { object, previous_attributes: previous } });
  }

  ofCustomer(type: CustomerEvent, object: Stripe.Customer, origin: Origin, previous?: Partial<Stripe.Customer>): void {
    this.append({ ...this.envelope(origin), type, data: { object, previous_attributes: previous } });
  }

  /** What was recorded since the last call, for sending after the commit or for forgetting after a rollback. */
  takeRecorded(): RecordedEvent[] {
    const taken = this.recorded;
    this.recorded = [];
    return taken;
  }

  private envelope(origin: Origin): Omit<Stripe.EventBase, 'type' | 'data'> {
    return {
      id: newObjectId('evt'),
      object: 'event',
      api_version: apiVersion,
      created: this.clock.now(),
      livemode: false,
      pending_webhooks: this.delivers ? 1 : 0,
      request: { id: origin.id, idempotency_key: origin.idempotencyKey },
    };
  }

  private append(event: Stripe.Event): void {
    this.collection.add(event);
    if (!this.delivers) return;
    this.deliveryInsertion.run(event.id);
    this.recorded.push({ id: event.id, type: event.type, payload: JSON.stringify(event) });
  }
}
