import { BUCKETS, bucketOf, type Id } from '#kernel/ids.js';
import { CHAIN_START, chainHash, HASH_SCHEME } from './event-codec.js';
import type { Database } from './sql.js';

/** One place where the log is not what was appended. What does not belong to a stream has none. */
export interface Finding {
  readonly bucket: number;
  readonly position: bigint;
  readonly streamId: Id | null;
  readonly version: number | null;
  readonly wrong: string;
}

export interface Verification {
  readonly events: number;
  readonly streams: number;
  /** In the order of buckets and positions; empty when the log is intact. */
  readonly findings: readonly Finding[];
}

export interface VerificationOptions {
  readonly buckets?: readonly number[];
  readonly onProgress?: (progress: { bucket: number; events: number; findings: number }) => void;
}

interface Row {
  pos: string;
  hash_scheme: number;
  stream_type: string;
  stream_id: Id;
  version: string;
  event_id: string;
  event_type: string;
  schema_version: number;
  payload: string;
  account_id: string | null;
  correlation_id: string;
  causation_id: string | null;
  actor: string;
  origin: string | null;
  effective_at: string | null;
  hash: Buffer;
}

interface Kept {
  readonly version: number;
  readonly hash: Buffer;
}

const PAGE = 4_000;

/**
 * Recomputes every stream's chain from the stored columns, and proves that positions and versions leave no gap. What
 * else of the database remembers the log is held against it too, since a cut tail leaves the rest of a chain intact: the
 * kept states and the checkpoints. A forger with the owner's rights can rewrite chain, states and checkpoints together;
 * only hashes that are kept elsewhere show that.
 *
 * Reads without locks, so it can run beside serving processes.
 */
export async function verifyChains(database: Database, options: VerificationOptions = {}): Promise<Verification> {
  const pending = [...(options.buckets ?? Array.from({ length: BUCKETS }, (_, bucket) => bucket))];
  const findings: Finding[] = [];
  let events = 0;
  let streams = 0;
  const verifyPending = async (): Promise<void> => {
    for (let bucket = pending.shift(); bucket !== undefined; bucket = pending.shift()) {
      const checked = await verifyBucket(database, bucket);
      findings.push(...checked.findings);
      events += checked.events;
      streams += checked.streams;
      options.onProgress?.({ bucket, events, findings: findings.length });
    }
  };
  // Two at once: while this process computes the hashes of one bucket, PostgreSQL reads the next.
  await Promise.all([verifyPending(), verifyPending()]);
  return { events, streams, findings: findings.sort((one, other) => one.bucket - other.bucket) };
}

async function verifyBucket(database: Database, bucket: number): Promise<Verification> {
  // Read before the events: what they remember has been appended by then.
  const kept = await keptStates(database, bucket);
  const readUpTo = await furthestCheckpoint(database, bucket);
  const check = new BucketCheck(bucket, kept);
  for (let page: Row[] | undefined; page === undefined || page.length === PAGE; ) {
    page = await database.query<Row>(SELECT_PAGE, [bucket, check.position.toString(), PAGE]);
    for (const row of page) check.event(row);
  }
  check.end(readUpTo);
  return check;
}

class BucketCheck implements Verification {
  readonly findings: Finding[] = [];
  events = 0;
  position = 0n;
  private readonly chains = new Map<Id, { version: number; hash: Buffer }>();

  constructor(
    private readonly bucket: number,
    private readonly kept: Map<Id, Kept>,
  ) {}

  get streams(): number {
    return this.chains.size;
  }

  event(row: Row): void {
    const position = BigInt(row.pos);
    if (position !== this.position + 1n) {
      const last = position - 1n;
      const missing =
        last === this.position + 1n ? `position ${last} is missing` : `positions ${this.position + 1n} to ${last} are missing`;
      this.report(this.position + 1n, null, null, missing);
    }
    this.position = position;
    this.events += 1;
    this.link(row, Number(row.version));
  }

  private link(row: Row, version: number): void {
    const before = this.chains.get(row.stream_id) ?? { version: 0, hash: CHAIN_START };
    const wrong = this.wrongWith(row, version, before);
    if (wrong) this.report(this.position, row.stream_id, version, wrong);
    // Going on from what is stored, so that one change is one finding, at its place.
    this.chains.set(row.stream_id, { version, hash: row.hash });
    const kept = this.kept.get(row.stream_id);
    if (kept?.version !== version) return;
    this.kept.delete(row.stream_id);
    if (!kept.hash.equals(row.hash))
      this.report(this.position, row.stream_id, version, 'the kept state was folded from an event with another hash');
  }

  private wrongWith(row: Row, version: number, before: { version: number; hash: Buffer }): string | null {
    if (bucketOf(row.stream_id) !== this.bucket) return 'the stream does not belong to this bucket';
    if (version !== before.version + 1) return `version ${before.version + 1} is missing before this event`;
    if (row.hash_scheme !== HASH_SCHEME) return `the hash scheme ${row.hash_scheme} is not one that this version knows`;
    return hashOf(row, version, before.hash)?.equals(row.hash) ? null : 'the columns, the payload or the hash have been changed';
  }

  end(readUpTo: bigint): void {
    if (readUpTo > this.position)
      this.report(this.position + 1n, null, null, `the log ends here, but has been read up to position ${readUpTo}`);
    for (const [streamId, { version }] of this.kept) {
      this.report(this.position, streamId, version, `a state is kept of version ${version}, which is not in the log`);
    }
  }

  private report(position: bigint, streamId: Id | null, version: number | null, wrong: string): void {
    this.findings.push({ bucket: this.bucket, position, streamId, version, wrong });
  }
}

/** Null when a column has a form that was never appended. */
function hashOf(row: Row, version: number, previous: Buffer): Buffer | null {
  // Instants are stored to the millisecond; a finer one would vanish in a date of JavaScript.
  const effectiveAt = row.effective_at?.endsWith('000') ? `${row.effective_at.slice(0, -3)}Z` : null;
  if (effectiveAt === null) return null;
  return chainHash(previous, {
    streamType: row.stream_type,
    streamId: row.stream_id,
    version,
    eventId: row.event_id,
    eventType: row.event_type,
    schemaVersion: row.schema_version,
    accountId: row.account_id,
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    actor: row.actor,
    origin: row.origin,
    effectiveAt,
    payload: row.payload,
  });
}

async function keptStates(database: Database, bucket: number): Promise<Map<Id, Kept>> {
  const rows = await database.query<{ stream_id: Id; version: string; hash: Buffer }>(
    'select stream_id, version, hash from es.stream_state where bucket = $1::smallint',
    [bucket],
  );
  return new Map(rows.map(({ stream_id, version, hash }) => [stream_id, { version: Number(version), hash }]));
}

async function furthestCheckpoint(database: Database, bucket: number): Promise<bigint> {
  const [row] = await database.query<{ pos: string }>(
    'select coalesce(max(pos), 0) as pos from es.checkpoint where bucket = $1::smallint',
    [bucket],
  );
  return BigInt(row!.pos);
}

const SELECT_PAGE = `
  select pos, hash_scheme, stream_type, stream_id, version, event_id, event_type, schema_version, payload::text as payload, account_id,
         correlation_id, causation_id, actor, origin::text as origin,
         to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as effective_at, hash
    from es.event where bucket = $1::smallint and pos > $2::bigint order by pos limit $3`;
