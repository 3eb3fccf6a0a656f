import { type Finding as BrokenLink, verifyChains } from '#event-sourcing/verify-chains.js';
import type { Check } from '../check.js';
import { examined, type Violation, violation } from '../finding.js';
import { bucketsInUse, violationsIn } from '../rows.js';

/**
 * I4. Positions of a bucket and versions of a stream run from 1 without gap, every event's hash follows from the one before
 * it and from its own columns, and neither a reader nor a kept state remembers events that are not there. Events, timers and
 * jobs are the account's that they speak of. Oracle: counting, the chain computed anew over the stored text, and what the data say.
 */
export const streamsAreDense: Check = {
  id: 'I4',
  invariant: 'streams and buckets have no gap, and hash chains verify',
  async *run({ sql, database }, advance) {
    const buckets = await bucketsInUse(sql);
    const { events, streams, findings } = await verifyChains(database, {
      buckets,
      onProgress: ({ bucket }) => advance((buckets.indexOf(bucket) + 1) / buckets.length),
    });
    for (const finding of findings) yield told(finding);
    for (const wrong of OF_ANOTHER_ACCOUNT) yield* violationsIn(sql, wrong);
    yield examined(events, 'events');
    yield examined(streams, 'streams');
  },
};

const OF_ANOTHER_ACCOUNT = [
  { table: 'es.event', id: 'pos', as: 'position', data: 'payload', what: 'An event' },
  { table: 'es.timer', id: 'stream_id', as: 'stream', data: 'data', what: 'A timer' },
  { table: 'es.job', id: 'id', as: 'job', data: 'payload', what: 'A job' },
].map(
  ({ table, id, as, data, what }) => `
  select t.bucket, t.${id} as ${as}, format('${what} is stored as that of %s, and its data speak of %s.', coalesce(t.account_id::text, 'no account'), t.${data}->>'accountId') as says
    from ${table} t where t.${data}->>'accountId' <> coalesce(t.account_id::text, '')
  union all
  select t.bucket, t.${id}, '${what} is that of an account in another bucket.' from ${table} t where get_byte(uuid_send(t.account_id), 15) <> t.bucket`,
);

function told({ bucket, position, streamId, version, wrong }: BrokenLink): Violation {
  const says = `${wrong[0]!.toUpperCase()}${wrong.slice(1)}.`;
  return violation({ bucket, position, ...(streamId && { stream: streamId }), ...(version !== null && { version }) }, says);
}
