import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import type { Origin } from '#event-sourcing/origin.js';
import type { Vocabulary } from '#event-sourcing/vocabulary.js';
import type { AccountId, Id } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { bucketsInUse } from './rows.js';
import type { Subject } from './subject.js';

interface StoredRow {
  pos: string;
  stream_type: string;
  stream_id: Id;
  version: string;
  event_id: Id;
  event_type: string;
  schema_version: number;
  payload: Record<string, unknown>;
  account_id: AccountId | null;
  correlation_id: string;
  causation_id: string | null;
  actor: string;
  origin: Origin | null;
  effective_at: Date;
}

/**
 * The whole log, each batch from one bucket and in order of position. Unlike the engine's own reading it takes what is
 * there: whether a position is missing is for I4 to say, and the other checks go on.
 */
export async function* recordedEvents(
  { sql, vocabulary }: Pick<Subject, 'sql' | 'vocabulary'>,
  types: readonly string[],
  advance: (part: number) => void,
): AsyncGenerator<{ bucket: number; events: RecordedEvent[] }> {
  const buckets = await bucketsInUse(sql);
  for (const [index, bucket] of buckets.entries()) {
    let rows: StoredRow[];
    let after = '-1';
    do {
      rows = await sql.query<StoredRow>(SELECT_PAGE, [bucket, types, after, PAGE]);
      after = rows.at(-1)?.pos ?? after;
      if (rows.length > 0) yield { bucket, events: rows.map((row) => recordedFrom(vocabulary, bucket, row)) };
    } while (rows.length === PAGE);
    advance((index + 1) / buckets.length);
  }
}

const PAGE = 2_000;

const SELECT_PAGE = `
  select pos, stream_type, stream_id, version, event_id, event_type, schema_version, payload, account_id, correlation_id, causation_id, actor, origin,
         effective_at
    from es.event where bucket = $1::smallint and event_type = any($2::text[]) and pos > $3::bigint order by pos limit $4`;

function recordedFrom(vocabulary: Vocabulary, bucket: number, row: StoredRow): RecordedEvent {
  const declared = vocabulary.eventClass(row.event_type);
  let data = row.payload;
  for (let version = row.schema_version; version < declared.schemaVersion; version += 1) {
    data = vocabulary.upcasterOf(row.event_type, version)!.upcast(data);
  }
  return {
    event: new declared(declared.fields.revive(data) as never),
    meta: {
      bucket,
      position: BigInt(row.pos),
      streamType: row.stream_type,
      streamId: row.stream_id,
      version: Number(row.version),
      eventId: row.event_id,
      accountId: row.account_id,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      actor: row.actor,
      origin: row.origin,
      effectiveAt: fromEpochMs(row.effective_at.getTime()),
    },
  };
}
