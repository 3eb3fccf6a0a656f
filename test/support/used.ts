import type { Queries } from '#event-sourcing/sql.js';
import { type Meter, meterKey } from '#pricing/meter.js';

/** What was used of a subscription in the period that begins then, as if it had been reported. */
export async function used(queries: Queries, subscriptionId: string, meter: Meter, start: string, quantity: string): Promise<void> {
  await queries.query(
    `insert into metering.total (bucket, subscription_id, meter, span, start, events, quantity, last_at)
     values (get_byte(uuid_send($1::uuid), 15), $1::uuid, $2, 'period', $3::timestamptz, 1, $4::numeric, $3::timestamptz)`,
    [subscriptionId, meterKey(meter), start, quantity],
  );
}
