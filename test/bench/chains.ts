import type { DataSource } from 'typeorm';
import { CHAIN_START, chainHash, type HashedColumns } from '#event-sourcing/event-codec.js';
import type { Id } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';

interface StoredEvent extends Omit<HashedColumns, 'version' | 'effectiveAt'> {
  readonly streamId: Id;
  readonly version: string;
  readonly effectiveAt: Date;
  readonly hash: Buffer;
}

interface Link {
  readonly streamId: Id | null;
  readonly version: number;
  readonly hash: Buffer;
}

/** Picks events at random by position, so that one query finds them in a log of any length, and reads their streams. */
const PICKED = `
  select e.stream_type as "streamType", e.stream_id as "streamId", e.version, e.event_id as "eventId", e.event_type as "eventType",
         e.schema_version as "schemaVersion", e.payload::text as payload, e.correlation_id as "correlationId",
         e.causation_id as "causationId", e.actor, e.effective_at as "effectiveAt", e.hash
    from (select distinct p.bucket, p.stream_id
            from (select bucket, max(pos) as last from es.event group by bucket) b
            cross join generate_series(1, $1::integer) as n
            join es.event p on p.bucket = b.bucket and p.pos = 1 + floor(random() * b.last + n * 0)) as picked
    join es.event e on e.bucket = picked.bucket and e.stream_id = picked.stream_id
   order by e.stream_id, e.version`;

/**
 * Recomputes the chains of some streams of every bucket, picked at random, and proves that the positions are dense.
 * Throws at the first link that does not hold; answers how many held.
 */
export async function verifyChains(owner: DataSource, streamsOfBucket: number): Promise<number> {
  const [dense]: { gaps: string }[] = await owner.query(
    `select count(*) as gaps from (select max(pos) as last, count(*) as events from es.event group by bucket) b where last <> events`,
  );
  if (dense!.gaps !== '0') throw new Error(`The positions of ${dense!.gaps} buckets are not dense.`);
  const events: StoredEvent[] = await owner.query(PICKED, [streamsOfBucket]);
  let previous: Link = { streamId: null, version: 0, hash: CHAIN_START };
  for (const event of events) {
    const version = Number(event.version);
    const before = previous.streamId === event.streamId ? previous : { version: 0, hash: CHAIN_START };
    const hash = chainHash(before.hash, { ...event, version, effectiveAt: fromEpochMs(event.effectiveAt.getTime()) });
    if (version !== before.version + 1 || !hash.equals(event.hash)) throw new Error(`The chain of ${event.streamId} breaks at version ${version}.`);
    previous = { streamId: event.streamId, version, hash };
  }
  return events.length;
}
