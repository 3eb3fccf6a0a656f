import type { AccountId, Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { type Decider, foldVersion } from './decider.js';
import type { AnyEvent, EventContext, RecordedEvent } from './domain-event.js';
import { CHAIN_START, chainHash, encode, HASH_SCHEME } from './event-codec.js';
import { NewerCodeNeeded } from './newer-code-needed.js';
import { type Origin, originText } from './origin.js';
import type { Queries } from './sql.js';
import { postgresError } from './sql.js';
import type { Vocabulary } from './vocabulary.js';

/** A stream as a decision sees it: the folded state, and the end of its chain. */
export interface StreamHead {
  readonly decider: Decider;
  readonly state: unknown;
  readonly version: number;
  readonly hash: Buffer;
}

/** An event that is decided and not yet stored. */
export interface PendingEvent {
  readonly event: AnyEvent;
  readonly meta: EventContext;
}

interface LoadedRow {
  stream_id: Id;
  state_version: string | null;
  state_hash: Buffer | null;
  state: object | null;
  version: string | null;
  event_type: string;
  schema_version: number;
  payload: object;
  hash: Buffer;
}

interface StoredRow {
  position: string;
  stream_type: string;
  stream_id: Id;
  version: string;
  event_id: Id;
  event_type: string;
  schema_version: number;
  payload: object;
  account_id: AccountId | null;
  correlation_id: string;
  causation_id: string | null;
  actor: string;
  origin: Origin | null;
  effective_at: string;
}

/** Another transaction appended to the stream between reading and writing: decide again. */
export class StreamMoved extends Error {
  constructor() {
    super('A stream has moved on since it was read.');
    this.name = 'StreamMoved';
  }
}

/** A stream that has no events. */
export function newStream(decider: Decider): StreamHead {
  return { decider, state: decider.initialState, version: 0, hash: CHAIN_START };
}

const NEVER_KEPT = -1;

/** SQLSTATE that `es.append` raises when a stream is not where the decision thought it was. */
const HEAD_MOVED = 'ES409';

/** The append-only log: 256 buckets, dense positions, a hash chain for each stream. */
export class EventStore {
  constructor(private readonly vocabulary: Vocabulary) {}

  /**
   * The heads of many streams of one bucket, in one query. A stream without events is at version 0, and so is one of
   * another kind: whoever asks for the plan under an invoice's id is told that there is none.
   *
   * `offset 0` has each stream looked up by itself. Joined plainly, PostgreSQL may read all kept states of the bucket, and does
   * read a stream's whole history before it throws away what is older than the kept state.
   */
  async load(sql: Queries, bucket: number, wanted: ReadonlyMap<Id, Decider>): Promise<Map<Id, StreamHead>> {
    const ids = [...wanted.keys()];
    const heads = new Map<Id, StreamHead>();
    for (const [id, decider] of wanted) heads.set(id, newStream(decider));
    const rows = await sql.query<LoadedRow>(
      `select r.stream_id, s.version as state_version, s.hash as state_hash, s.state,
              e.version, e.event_type, e.schema_version, e.payload, e.hash
         from unnest($2::uuid[], $3::integer[], $4::text[]) as r (stream_id, fold_version, stream_type)
         left join lateral (
           select * from es.stream_state s
            where s.bucket = $1::smallint and s.stream_id = r.stream_id and s.fold_version = r.fold_version and s.stream_type = r.stream_type
           offset 0) s on true
         left join lateral (
           select * from es.event e
            where e.bucket = $1::smallint and e.stream_id = r.stream_id and e.version > coalesce(s.version, 0) and e.stream_type = r.stream_type
           offset 0) e on true
        order by r.stream_id, e.version`,
      [bucket, ids, ids.map((id) => foldVersion(wanted.get(id)!) ?? NEVER_KEPT), ids.map((id) => wanted.get(id)!.category)],
    );
    for (const row of rows) {
      let head = heads.get(row.stream_id)!;
      if (head.version === 0 && row.state_version !== null) {
        head = {
          ...head,
          state: head.decider.keptState!.fields.revive(row.state),
          version: Number(row.state_version),
          hash: row.state_hash!,
        };
      }
      if (row.version !== null) {
        const event = this.eventFrom(row.event_type, row.schema_version, row.payload);
        head = { ...head, state: head.decider.evolve(head.state, event), version: Number(row.version), hash: row.hash };
      }
      heads.set(row.stream_id, head);
    }
    return heads;
  }

  /**
   * Appends the events of one bucket in the order given, each stream continuing from its head, all of them or none: it is
   * one statement, which needs no transaction around it unless more is written with it. Takes the bucket's row lock until
   * the end of the transaction. Throws `StreamMoved` when a stream is not where it was read.
   */
  async append(
    sql: Queries,
    bucket: number,
    heads: ReadonlyMap<Id, StreamHead>,
    pending: readonly PendingEvent[],
  ): Promise<{ recorded: RecordedEvent[]; hashes: Map<Id, Buffer> }> {
    const { recorded, hashes } = this.appending(sql, bucket, heads, pending);
    return { recorded: await recorded, hashes };
  }

  /** The same without waiting: what is sent behind it needs the ends of the chains, and not the positions. */
  appending(
    sql: Queries,
    bucket: number,
    heads: ReadonlyMap<Id, StreamHead>,
    pending: readonly PendingEvent[],
  ): { recorded: Promise<RecordedEvent[]>; hashes: Map<Id, Buffer> } {
    const hashes = new Map<Id, Buffer>();
    const columns: unknown[][] = Array.from({ length: 14 }, () => []);
    for (const { event, meta } of pending) {
      const payload = encode(event.data);
      const origin = originText(meta.origin);
      const schemaVersion = this.vocabulary.eventClass(event.type).schemaVersion;
      const previous = hashes.get(meta.streamId) ?? heads.get(meta.streamId)!.hash;
      const hash = chainHash(previous, { ...meta, eventType: event.type, schemaVersion, origin, payload });
      hashes.set(meta.streamId, hash);
      const cells = [
        meta.streamType,
        meta.streamId,
        meta.version,
        meta.eventId,
        event.type,
        schemaVersion,
        payload,
        meta.accountId,
        meta.correlationId,
        meta.causationId,
        meta.actor,
        origin,
        meta.effectiveAt,
        hash,
      ];
      for (let index = 0; index < cells.length; index += 1) columns[index]!.push(cells[index]);
    }
    const continued = [...hashes.keys()].filter((id) => heads.get(id)!.version > 0);
    const appended = this.callAppend(sql, [
      bucket,
      HASH_SCHEME,
      ...columns,
      continued,
      continued.map((id) => heads.get(id)!.version),
      continued.map((id) => heads.get(id)!.hash),
    ]);
    const recorded = appended.then((first) =>
      pending.map(({ event, meta }, index) => ({ event, meta: { ...meta, position: first + BigInt(index) } })),
    );
    // Whoever breaks off before waiting for it has an error of its own.
    recorded.catch(() => {});
    return { recorded, hashes };
  }

  /** Takes the bucket's row lock until the end of the transaction: nothing else is appended to it meanwhile. */
  async lock(sql: Queries, bucket: number): Promise<void> {
    await sql.query('select 1 from es.bucket where bucket = $1::smallint for update', [bucket]);
  }

  /** The same, once the streams were read: throws `StreamMoved` when one of them is no longer where it was. */
  async lockAt(sql: Queries, bucket: number, heads: ReadonlyMap<Id, StreamHead>, streamIds: readonly Id[]): Promise<void> {
    await this.lock(sql, bucket);
    const moved = await sql.query(
      `select 1 from unnest($2::uuid[], $3::bigint[]) as h (stream_id, version)
         join es.event e on e.bucket = $1::smallint and e.stream_id = h.stream_id and e.version = h.version + 1 limit 1`,
      [bucket, streamIds, streamIds.map((id) => heads.get(id)!.version)],
    );
    if (moved.length > 0) throw new StreamMoved();
  }

  /** Events of a bucket after a position, in order. Proves that none is missing. */
  async readBucket(sql: Queries, bucket: number, after: bigint, limit: number): Promise<RecordedEvent[]> {
    const rows = await sql.query<StoredRow>(`${SELECT_STORED} where bucket = $1::smallint and pos > $2::bigint order by pos limit $3`, [
      bucket,
      after.toString(),
      limit,
    ]);
    let expected = after;
    for (const row of rows) {
      expected += 1n;
      if (BigInt(row.position) !== expected)
        throw new Error(`Bucket ${bucket}: position ${expected} is missing; the next stored one is ${row.position}.`);
    }
    return rows.map((row) => this.recordedFrom(bucket, row));
  }

  /** All events of one stream, in order. */
  async readStream(sql: Queries, bucket: number, streamId: Id): Promise<RecordedEvent[]> {
    const rows = await sql.query<StoredRow>(`${SELECT_STORED} where bucket = $1::smallint and stream_id = $2::uuid order by version`, [
      bucket,
      streamId,
    ]);
    return rows.map((row) => this.recordedFrom(bucket, row));
  }

  private async callAppend(sql: Queries, values: unknown[]): Promise<bigint> {
    try {
      const [row] = await sql.query<{ first: string }>(
        `select es.append($1::smallint, $2::smallint, $3::text[], $4::uuid[], $5::bigint[], $6::uuid[], $7::text[], $8::smallint[], $9::text[],
                          $10::uuid[], $11::text[], $12::uuid[], $13::text[], $14::text[], $15::timestamptz[], $16::bytea[],
                          $17::uuid[], $18::bigint[], $19::bytea[]) as first`,
        values,
      );
      return BigInt(row!.first);
    } catch (error) {
      if (isHeadMoved(error)) throw new StreamMoved();
      throw error;
    }
  }

  private recordedFrom(bucket: number, row: StoredRow): RecordedEvent {
    return {
      event: this.eventFrom(row.event_type, row.schema_version, row.payload),
      meta: {
        bucket,
        position: BigInt(row.position),
        streamType: row.stream_type,
        streamId: row.stream_id,
        version: Number(row.version),
        eventId: row.event_id,
        accountId: row.account_id,
        correlationId: row.correlation_id,
        causationId: row.causation_id,
        actor: row.actor,
        origin: row.origin,
        effectiveAt: storedInstant(row.effective_at),
      },
    };
  }

  private eventFrom(type: string, schemaVersion: number, payload: object): AnyEvent {
    const declared = this.vocabulary.eventClass(type);
    let data = payload as Record<string, unknown>;
    for (let version = schemaVersion; version < declared.schemaVersion; version += 1) {
      const upcaster = this.vocabulary.upcasterOf(type, version);
      if (!upcaster) throw new Error(`No upcaster lifts ${type} from version ${version}.`);
      data = upcaster.upcast(data);
    }
    if (schemaVersion > declared.schemaVersion)
      throw new NewerCodeNeeded(`${type} version ${schemaVersion} was written by newer code than this.`);
    return new declared(declared.fields.revive(data) as never);
  }
}

const SELECT_STORED = `select pos as position, stream_type, stream_id, version, event_id, event_type, schema_version, payload,
  account_id, correlation_id, causation_id, actor, origin, (effective_at at time zone 'UTC')::text as effective_at from es.event`;

/** `2026-01-31 09:00:00.25` as PostgreSQL writes it, which no date has to be made of first. */
function storedInstant(text: string): Instant {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z` as Instant;
}

function isHeadMoved(error: unknown): boolean {
  const known = postgresError(error);
  return known?.code === HEAD_MOVED || (known?.code === '23505' && known.table?.startsWith('event') === true);
}
