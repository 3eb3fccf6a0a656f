import type { Doorbell } from '#event-sourcing/doorbell.js';
import { jobStatements, rungAtOnce } from '#event-sourcing/jobs.js';
import { enqueue } from '#event-sourcing/reaction.js';
import type { Database } from '#event-sourcing/sql.js';
import { faultPoint } from '#kernel/fault-point.js';
import { bucketOf, derivedId, hashedId, type Id } from '#kernel/ids.js';
import type { GatewayEvent } from '../gateways/payment-gateway.js';

/** The inbox of webhooks: an event is kept once, with the job that looks into it, before it is acknowledged. */
export class GatewayInbox {
  constructor(
    private readonly database: Database,
    private readonly doorbell: Doorbell,
  ) {}

  /** Those of the events that are not kept yet, so that a sweep does not begin a transaction for each of the others. */
  async unknownOf(gateway: string, events: readonly GatewayEvent[]): Promise<GatewayEvent[]> {
    const ids = events.map((event) => inboxId(gateway, event));
    const rows = await this.database.query<{ id: Id }>(
      `select g.id from unnest($1::smallint[], $2::uuid[]) as k (bucket, id)
         join payments.gateway_event g on g.bucket = k.bucket and g.id = k.id`,
      [ids.map(bucketOf), ids],
    );
    const known = new Set(rows.map(({ id }) => id));
    return events.filter((event) => !known.has(inboxId(gateway, event)));
  }

  async receive(gateway: string, event: GatewayEvent): Promise<'received' | 'duplicate'> {
    const id = inboxId(gateway, event);
    const bucket = bucketOf(id);
    const looks = [{ job: enqueue('payments.gateway-event', derivedId(id, 'look'), { id }), accountId: null, clockId: null }];
    const kept = await this.database.transaction(async (sql) => {
      const inserted = await sql.query(
        `insert into payments.gateway_event (bucket, id, gateway, event_id, type, object_id, intent_id, created_at)
         values ($1::smallint, $2::uuid, $3, $4, $5, $6, $7, $8::timestamptz) on conflict (bucket, id) do nothing returning id`,
        [bucket, id, gateway, event.eventId, event.type, event.objectId, event.intentId, event.createdAt],
      );
      if (inserted.length === 0) return false;
      for (const statement of jobStatements(bucket, looks)) await sql.run(statement);
      return true;
    });
    await faultPoint('payments.webhook-stored');
    if (kept) this.doorbell.ring(bucket, rungAtOnce(bucket, looks));
    return kept ? 'received' : 'duplicate';
  }
}

const inboxId = (gateway: string, { eventId }: GatewayEvent): Id => hashedId(`${gateway}/${eventId}`);
