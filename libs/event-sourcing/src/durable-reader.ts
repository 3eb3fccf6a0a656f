import { faultPoint } from '#kernel/fault-point.js';
import { fromEpochMs } from '#kernel/instant.js';
import { Checkpoints } from './checkpoints.js';
import type { RecordedEvent } from './domain-event.js';
import type { EventStore } from './event-store.js';
import { Incidents } from './incidents.js';
import { LeftBuckets, NewerCodeNeeded } from './newer-code-needed.js';
import type { Database, Sql } from './sql.js';
import { isTransient } from './sql.js';

/** Something that follows the log, bucket by bucket. */
export interface Reader {
  /** Stored with the checkpoints: a new name reads everything from the beginning. */
  readonly name: string;
  /**
   * Handles events of one bucket in order. What it writes through `sql` commits together with the checkpoint; anything
   * else it does must bear repetition. After a throw the events come again one by one, so that the one that cannot be
   * handled is found: the bucket stops there.
   */
  handle(events: readonly RecordedEvent[], sql: Sql): Promise<void>;
}

/** How far a batch was handled, and why not to its end. */
interface Handled {
  readonly done: number;
  readonly failure: string | null;
  /** Newer code would handle it: this process leaves the bucket to others, who need not wait. */
  readonly leave?: boolean;
}

export interface Progress {
  readonly bucket: number;
  readonly handled: number;
  /** The bucket stands still at an event that cannot be handled. */
  readonly stopped: boolean;
}

const BATCH = 500;
const MAX_PAUSE_MS = 60_000;

/**
 * Follows the log for a reader. The checkpoint's row lock is the lease: it ends with the connection, so a killed worker
 * leaves nothing behind, and any number of workers share the buckets. An event that cannot be handled stops its bucket,
 * visibly, and is tried again after a growing pause; it is never skipped.
 */
export class DurableReader {
  private readonly checkpoints: Checkpoints;
  private readonly left = new LeftBuckets();

  constructor(
    private readonly database: Database,
    private readonly store: EventStore,
    private readonly reader: Reader,
    private readonly incidents: Incidents = new Incidents(),
  ) {
    this.checkpoints = new Checkpoints(database, reader.name);
  }

  get name(): string {
    return this.reader.name;
  }

  /** The buckets, of those given or of all, with unread events that are not pausing after a failure. */
  async bucketsWithWork(among?: readonly number[]): Promise<number[]> {
    // By the end of the bucket: looking for any later event reads the whole log where the table has no statistics yet.
    const rows = await this.database.query<{ bucket: number }>(
      `select b.bucket from es.bucket b left join es.checkpoint c on c.bucket = b.bucket and c.reader = $1
        where ($2::smallint[] is null or b.bucket = any($2::smallint[])) and (c.retry_at is null or c.retry_at <= now())
          and (select e.pos from es.event e where e.bucket = b.bucket order by e.pos desc limit 1) > coalesce(c.pos, 0)`,
      [this.reader.name, among ?? null],
    );
    return rows.map(({ bucket }) => bucket).filter((bucket) => !this.left.has(bucket));
  }

  /** Reads one batch of a bucket; null when another worker holds it. */
  async readOn(bucket: number): Promise<Progress | null> {
    await this.checkpoints.ensure(bucket);
    return this.database.transaction(async (sql) => {
      const [checkpoint] = await sql.query<{ pos: string; failures: number }>(
        `select pos, failures from es.checkpoint where bucket = $1::smallint and reader = $2 for update skip locked`,
        [bucket, this.reader.name],
      );
      if (!checkpoint) return null;
      const after = BigInt(checkpoint.pos);
      const { done, failure, leave = false } = await this.handleAfter(after, bucket, sql);
      await faultPoint('readers.after-effects');
      if (done === 0 && failure === null) return { bucket, handled: 0, stopped: false };
      await sql.run({
        text: `update es.checkpoint set pos = $3::bigint, failures = $4, last_error = $5, retry_at = now() + $6 * interval '1 millisecond', updated_at = now()
                where bucket = $1::smallint and reader = $2`,
        values: [
          bucket,
          this.reader.name,
          (after + BigInt(done)).toString(),
          ...pauseAfter(failure, done > 0 ? 0 : checkpoint.failures, leave),
        ],
        expectedRows: 1,
      });
      await faultPoint('readers.after-checkpoint');
      if (leave) this.left.leave(bucket);
      else this.left.takeUp(bucket);
      if (failure !== null)
        this.incidents.report({ what: 'reader-stopped', details: { reader: this.reader.name, bucket }, error: new Error(failure) });
      return { bucket, handled: done, stopped: failure !== null };
    });
  }

  /** Reads the buckets until there is nothing left that can be handled. */
  async drain(buckets?: readonly number[]): Promise<number> {
    let handled = 0;
    for (const bucket of buckets ?? (await this.bucketsWithWork())) {
      for (;;) {
        const progress = await this.readOn(bucket);
        handled += progress?.handled ?? 0;
        if (!progress || progress.stopped || progress.handled < BATCH) break;
      }
    }
    return handled;
  }

  /** All at once, else one by one up to the event that cannot be read or handled. */
  private async handleAfter(after: bigint, bucket: number, sql: Sql): Promise<Handled> {
    const whole = await this.attempt(after, bucket, BATCH, sql);
    if (!whole.failure) return whole;
    for (let done = 0; done < BATCH; done += 1) {
      const single = await this.attempt(after + BigInt(done), bucket, 1, sql);
      if (single.failure) return { ...single, done };
      if (single.done === 0) return { done, failure: null };
    }
    return { done: BATCH, failure: null };
  }

  private async attempt(after: bigint, bucket: number, limit: number, sql: Sql): Promise<Handled> {
    let at = `position ${after + 1n} of bucket ${bucket}`;
    await sql.query('savepoint handling');
    try {
      const events = await this.store.readBucket(sql, bucket, after, limit);
      if (events[0]) at = `${events[0].event.type} at ${at}`;
      if (events.length > 0) await this.reader.handle(events, sql);
      await sql.query('release savepoint handling');
      return { done: events.length, failure: null };
    } catch (error) {
      if (isTransient(error)) throw error;
      await sql.query('rollback to savepoint handling');
      return { done: 0, failure: `${at}: ${(error as Error).message}`, leave: error instanceof NewerCodeNeeded };
    }
  }
}

function pauseAfter(failure: string | null, failuresBefore: number, leave: boolean): [number, string | null, number | null] {
  if (!failure) return [0, null, null];
  return [failuresBefore + 1, failure, leave ? 0 : Math.min(MAX_PAUSE_MS, 250 * 2 ** failuresBefore)];
}

/** Buckets that stand still, at which event, and why. */
export async function stoppedBuckets(
  database: Database,
): Promise<{ reader: string; bucket: number; position: bigint; failures: number; error: string; retryAt: string }[]> {
  const rows = await database.query<{ reader: string; bucket: number; pos: string; failures: number; last_error: string; retry_at: Date }>(
    `select reader, bucket, pos, failures, last_error, retry_at from es.checkpoint where failures > 0 order by reader, bucket`,
  );
  return rows.map((row) => ({
    reader: row.reader,
    bucket: row.bucket,
    position: BigInt(row.pos) + 1n,
    failures: row.failures,
    error: row.last_error,
    retryAt: fromEpochMs(row.retry_at.getTime()),
  }));
}
