import { CHAIN_START, chainHash } from '#event-sourcing/event-codec.js';
import { fromEpochMs } from '#kernel/instant.js';
import type { Check } from '../check.js';
import { examined, type Finding, violation } from '../finding.js';
import { batchesOf, bucketsInUse, violationsIn } from '../rows.js';

interface ChainedRow {
  stream_type: string;
  stream_id: string;
  version: string;
  event_id: string;
  event_type: string;
  schema_version: number;
  payload: string;
  correlation_id: string;
  causation_id: string | null;
  actor: string;
  effective_at: Date;
  hash: Buffer;
}

/**
 * I4. Positions of a bucket and versions of a stream run from 1 without gap, and every event's hash follows from the one
 * before it and from its own columns. Oracle: counting, and the chain computed anew over the stored text.
 */
export const streamsAreDense: Check = {
  id: 'I4',
  invariant: 'streams and buckets have no gap, and hash chains verify',
  async *run({ sql }, advance) {
    for (const query of [BUCKETS_DENSE, STREAMS_DENSE]) yield* violationsIn(sql, query);
    let count = 0;
    const buckets = await bucketsInUse(sql);
    for (const [index, bucket] of buckets.entries()) {
      let previous: { stream: string; hash: Buffer } | null = null;
      for await (const rows of batchesOf<ChainedRow>(sql, chained(bucket))) {
        for (const row of rows) {
          const before: Buffer = previous?.stream === row.stream_id ? previous.hash : CHAIN_START;
          if (!linkOf(before, row).equals(row.hash)) yield broken(bucket, row);
          previous = { stream: row.stream_id, hash: row.hash };
        }
        count += rows.length;
      }
      advance((index + 1) / buckets.length);
    }
    yield examined(count, 'events');
  },
};

function linkOf(previous: Buffer, row: ChainedRow): Buffer {
  return chainHash(previous, {
    streamType: row.stream_type,
    streamId: row.stream_id,
    version: Number(row.version),
    eventId: row.event_id,
    eventType: row.event_type,
    schemaVersion: row.schema_version,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    actor: row.actor,
    effectiveAt: fromEpochMs(row.effective_at.getTime()),
    payload: row.payload,
  });
}

function broken(bucket: number, { stream_id, version, event_id, event_type }: ChainedRow): Finding {
  return violation(
    { bucket, stream: stream_id, version, event: event_id },
    `The chain does not hold at a ${event_type}: it, or the event before it, is not what was written.`,
  );
}

const chained = (bucket: number): string => `
  select stream_type, stream_id, version, event_id, event_type, schema_version, payload::text, correlation_id, causation_id, actor, effective_at, hash
    from es.event where bucket = ${bucket} order by stream_id, version`;

const BUCKETS_DENSE = `
  select bucket, pos as position, format('The positions from %s to %s are missing.', before + 1, pos - 1) as says
    from (select bucket, pos, lag(pos, 1, 0::bigint) over (partition by bucket order by pos) as before from es.event) placed
   where pos <> before + 1`;

const STREAMS_DENSE = `
  select bucket, stream_id as stream, version, format('The versions from %s to %s are missing.', before + 1, version - 1) as says
    from (select bucket, stream_id, version, lag(version, 1, 0::bigint) over (partition by bucket, stream_id order by version) as before from es.event) placed
   where version <> before + 1`;
