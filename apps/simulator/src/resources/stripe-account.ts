import type { DatabaseSync } from 'node:sqlite';
import type Stripe from 'stripe';
import { CardBehaviors } from '../payments/card-behavior.js';
import { Collection } from '../state/collection.js';
import { EventLog } from '../state/event-log.js';
import { MetadataIndex } from '../state/metadata-index.js';
import type { SimulatedClock } from '../state/simulated-clock.js';

function idOf(reference: string | { id: string } | null | undefined): string | null {
  return typeof reference === 'object' ? (reference?.id ?? null) : (reference ?? null);
}

/** The one Stripe account that the simulator plays, with everything in it. */
export class StripeAccount {
  readonly customers: Collection<Stripe.Customer>;
  readonly paymentMethods: Collection<Stripe.PaymentMethod>;
  readonly paymentIntents: Collection<Stripe.PaymentIntent>;
  readonly charges: Collection<Stripe.Charge>;
  readonly refunds: Collection<Stripe.Refund>;
  readonly balanceTransactions: Collection<Stripe.BalanceTransaction>;
  readonly events: EventLog;
  readonly cards: CardBehaviors;
  readonly metadata: MetadataIndex;

  constructor(
    readonly database: DatabaseSync,
    readonly clock: SimulatedClock,
  ) {
    this.customers = new Collection(database, 'customers', () => ({}));
    this.paymentMethods = new Collection(database, 'payment_methods', (method) => ({
      owner: idOf(method.customer),
      type: method.type,
      hidden: method.customer === null ? 'unattached' : null,
    }));
    this.paymentIntents = new Collection(database, 'payment_intents', (intent) => ({ owner: idOf(intent.customer) }));
    this.charges = new Collection(database, 'charges', (charge) => ({
      owner: idOf(charge.customer),
      parent: idOf(charge.payment_intent),
    }));
    this.refunds = new Collection(database, 'refunds', (refund) => ({
      owner: idOf(refund.payment_intent),
      parent: idOf(refund.charge),
    }));
    this.balanceTransactions = new Collection(database, 'balance_transactions', (transaction) => ({
      owner: transaction.currency,
      parent: idOf(transaction.source),
      type: transaction.type,
    }));
    this.events = new EventLog(database, clock);
    this.cards = new CardBehaviors(database);
    this.metadata = new MetadataIndex(database);
  }
}
