import type { AccountId, Id } from '#kernel/ids.js';
import type { AccountKeys, Keyring } from './account-keys.js';
import { type Decider, foldVersion } from './decider.js';
import type { AnyEvent, EventClass, EventContext, RecordedEvent } from './domain-event.js';
import { CHAIN_START, chainHash, encode, HASH_SCHEME } from './event-codec.js';
import { EventReader, SELECT_STORED, type StoredRow } from './event-reader.js';
import { originText } from './origin.js';
import { namesPerson, opened, redacted, type SealedAt, sealed, sealedOrigin } from './personal-data.js';
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
  state_account_id: AccountId | null;
  account_id: AccountId | null;
  version: string | null;
  event_type: string;
  schema_version: number;
  payload: object;
  hash: Buffer;
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
  private readonly reader: EventReader;

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly keys: AccountKeys,
  ) {
    this.reader = new EventReader(vocabulary, keys);
  }

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
              s.account_id as state_account_id, e.account_id, e.version, e.event_type, e.schema_version, e.payload, e.hash
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
    const keyring = await this.keysOfLoaded(sql, rows, wanted);
    for (const row of rows) {
      let head = heads.get(row.stream_id)!;
      if (head.version === 0 && row.state_version !== null) {
        const version = Number(row.state_version);
        const at = { accountId: row.state_account_id, place: `${row.stream_id}/${version}/state` };
        head = { ...head, state: keptStateFrom(head.decider, row.state!, keyring, at), version, hash: row.state_hash! };
      }
      if (row.version !== null) {
        const event = this.reader.eventFrom(row, keyring);
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
    const { recorded, hashes } = this.appending(sql, bucket, heads, pending, await this.keysToWrite(sql, pending));
    return { recorded: await recorded, hashes };
  }

  /** The keys that events are stored with; none is asked for where nothing in them names a person. */
  async keysToWrite(sql: Queries, pending: readonly PendingEvent[], erasing = false): Promise<Keyring> {
    const personal = pending.filter(({ event, meta }) => this.isPersonal(event) || namesPerson(meta.origin));
    // What read models show of a person must not come after an erasure, so that waits; of an origin they show nothing.
    const shown = personal.some(({ event }) => this.isPersonal(event));
    const accountIds = personal.map(({ meta }) => meta.accountId);
    return this.keys.provide(sql, accountIds, erasing ? 'against-all' : shown ? 'against-erasure' : 'none');
  }

  isPersonal(event: AnyEvent): boolean {
    return this.vocabulary.eventClass(event.type).fields.personal.length > 0;
  }

  /** Events as they will be read again: whoever is erased already is not shown anew. */
  redacted<P extends PendingEvent>(pending: readonly P[], keyring: Keyring): readonly P[] {
    return pending.map((decided) => {
      const declared = this.vocabulary.eventClass(decided.event.type) as EventClass & (new (data: object) => AnyEvent);
      const data = redacted(declared.fields, decided.event.data, keyring, decided.meta.accountId);
      return data === decided.event.data ? decided : { ...decided, event: new declared(data) };
    });
  }

  /** The same without waiting: what is sent behind it needs the ends of the chains, and not the positions. */
  appending(
    sql: Queries,
    bucket: number,
    heads: ReadonlyMap<Id, StreamHead>,
    pending: readonly PendingEvent[],
    keyring: Keyring,
  ): { recorded: Promise<RecordedEvent[]>; hashes: Map<Id, Buffer> } {
    const hashes = new Map<Id, Buffer>();
    const columns: unknown[][] = Array.from({ length: 14 }, () => []);
    for (const { event, meta } of pending) {
      const { fields, schemaVersion } = this.vocabulary.eventClass(event.type);
      const at = { accountId: meta.accountId, place: `${meta.streamId}/${meta.version}` };
      const payload = encode(sealed(fields, event.data, keyring, at));
      const origin = originText(sealedOrigin(meta.origin, keyring, at));
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
    return this.reader.recordedFrom(sql, bucket, rows);
  }

  /** The events of some types after a position, taken as they are there: for checks, which say themselves what is missing. */
  async readTypes(sql: Queries, bucket: number, types: readonly string[], after: bigint, limit: number): Promise<RecordedEvent[]> {
    const rows = await sql.query<StoredRow>(
      `${SELECT_STORED} where bucket = $1::smallint and event_type = any($2::text[]) and pos > $3::bigint order by pos limit $4`,
      [bucket, types, after.toString(), limit],
    );
    return this.reader.recordedFrom(sql, bucket, rows);
  }

  /** All events of one stream, in order. `record`: what an invoice must keep, even of one who is erased. */
  async readStream(sql: Queries, bucket: number, streamId: Id, opens: 'all' | 'record' = 'all'): Promise<RecordedEvent[]> {
    const rows = await sql.query<StoredRow>(`${SELECT_STORED} where bucket = $1::smallint and stream_id = $2::uuid order by version`, [
      bucket,
      streamId,
    ]);
    return this.reader.recordedFrom(sql, bucket, rows, opens);
  }

  /** The kept states of streams of one kind, as decisions would begin with them. */
  async keptStates(
    sql: Queries,
    bucket: number,
    decider: Decider,
    streamIds: readonly Id[],
  ): Promise<{ streamId: Id; version: number; state: unknown }[]> {
    const rows = await sql.query<{ stream_id: Id; version: string; account_id: AccountId | null; state: object }>(
      `select stream_id, version, account_id, state from es.stream_state
        where bucket = $1::smallint and fold_version = $2::integer and stream_id = any($3::uuid[])`,
      [bucket, foldVersion(decider), streamIds],
    );
    const isPersonal = decider.keptState!.fields.personal.length > 0;
    const keyring = await this.keys.find(sql, isPersonal ? rows.map((row) => row.account_id) : []);
    return rows.map((row) => {
      const at = { accountId: row.account_id, place: `${row.stream_id}/${row.version}/state` };
      return { streamId: row.stream_id, version: Number(row.version), state: keptStateFrom(decider, row.state, keyring, at) };
    });
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

  /** The keys of what was loaded: none is asked for where neither states nor events name a person. */
  private async keysOfLoaded(sql: Queries, rows: readonly LoadedRow[], wanted: ReadonlyMap<Id, Decider>): Promise<Keyring> {
    const accountIds = new Set<AccountId | null>();
    for (const row of rows) {
      const kept = row.state_version !== null && wanted.get(row.stream_id)!.keptState!;
      if (kept && kept.fields.personal.length > 0) accountIds.add(row.state_account_id);
      if (row.version !== null && this.vocabulary.eventClass(row.event_type).fields.personal.length > 0) accountIds.add(row.account_id);
    }
    return this.keys.find(sql, accountIds);
  }
}

function keptStateFrom(decider: Decider, stored: object, keyring: Keyring, at: SealedAt): unknown {
  const { fields } = decider.keptState!;
  return fields.revive(opened(fields, stored, keyring, at));
}

function isHeadMoved(error: unknown): boolean {
  const known = postgresError(error);
  return known?.code === HEAD_MOVED || (known?.code === '23505' && known.table?.startsWith('event') === true);
}
