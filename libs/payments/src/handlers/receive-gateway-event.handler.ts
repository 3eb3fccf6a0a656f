import type { Doorbell } from '#event-sourcing/doorbell.js';
import { jobStatements } from '#event-sourcing/jobs.js';
import { enqueue } from '#event-sourcing/reaction.js';
import type { Database } from '#event-sourcing/sql.js';
import { faultPoint } from '#kernel/fault-point.js';
import { bucketOf, derivedId, hashedId } from '#kernel/ids.js';
import type { GatewayEvent } from '../gateways/stripe-webhooks.js';

/** The inbox of webhooks: an event is kept once, with the job that looks into it, before it is acknowledged. */
export class GatewayInbox {
  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
  ) {}

  async receive(event: GatewayEvent): Promise<'received' | 'duplicate'> {
    const id = hashedId(`stripe/${event.eventId}`);
    const bucket = bucketOf(id);
    const kept = await this.database.transaction(async (sql) => {
      const inserted = await sql.query(
        `insert into payments.gateway_event (bucket, id, event_id, type, object_id, intent_id, created_at)
         values ($1::smallint, $2::uuid, $3, $4, $5, $6, $7::timestamptz) on conflict (bucket, id) do nothing returning id`,
        [bucket, id, event.eventId, event.type, event.objectId, event.intentId, event.createdAt],
      );
      if (inserted.length === 0) return false;
      const job = enqueue('payments.gateway-event', derivedId(id, 'look'), { id });
      for (const statement of jobStatements(bucket, [{ job, clockId: null }])) await sql.run(statement);
      return true;
    });
    await faultPoint('payments.webhook-stored');
    if (kept) this.doorbell.ring(bucket);
    return kept ? 'received' : 'duplicate';
  }
}
