import type { Database } from '#event-sourcing/sql.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import type { SeenCharge } from '../gateways/payment-gateway.js';

/** Keeps what the gateway charged and our books cannot explain, once each, until a person has dealt with it. */
export class StrayCharges {
  constructor(private readonly database: Database) {}

  async record({ objectId, customerId, amount }: SeenCharge, reason: string): Promise<void> {
    const id = hashedId(`stripe/${objectId}`);
    await this.database.query(
      `insert into payments.stray_charge (bucket, id, object_id, customer_id, amount, currency, reason)
       values ($1::smallint, $2::uuid, $3, $4, $5::bigint, $6, $7) on conflict (bucket, id) do nothing`,
      [bucketOf(id), id, objectId, customerId, amount.amount.toString(), amount.currency, reason],
    );
  }
}
