import type { EventStore } from '#event-sourcing/event-store.js';
import type { Database } from '#event-sourcing/sql.js';
import type { Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, type Id, type PaymentId } from '#kernel/ids.js';
import { PaymentDecider } from '../payment/payment.decider.js';
import type { Payment } from '../payment/payment.state.js';

/** Payments as their events tell them, for what must act on nothing less. */
export class StoredPayments {
  constructor(
    private readonly store: EventStore,
    private readonly vocabulary: Vocabulary,
    private readonly database: Database,
  ) {}

  async find(paymentId: PaymentId): Promise<Payment> {
    const wanted = new Map<Id, ReturnType<Vocabulary['decider']>>([[paymentId, this.vocabulary.decider(PaymentDecider.category)]]);
    const heads = await this.database.transaction((sql) => this.store.load(sql, bucketOf(paymentId), wanted));
    return heads.get(paymentId)!.state as Payment;
  }
}
