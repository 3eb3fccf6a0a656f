import { faultPoint } from '#kernel/fault-point.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Checkpoints } from './checkpoints.js';
import type { Clock } from './clock.js';
import type { CommandExecutor, Result } from './command-executor.js';
import type { Incidents } from './incidents.js';
import { LeftBuckets, NewerCodeNeeded } from './newer-code-needed.js';
import type { Database, Sql } from './sql.js';
import { isTransient } from './sql.js';
import { type DueTimer, dueOnClock, dueTimers, setAside } from './timers.js';

interface Failure {
  readonly timer: DueTimer;
  readonly reason: string;
}

interface Batch {
  /** How many were due, as far as was looked; below the limit when nothing more is. */
  readonly found: number;
  /** How many are done with, those set aside included. */
  readonly fired: number;
  readonly unwritable: number;
}

const BATCH = 500;

/**
 * Fires what is due, bucket by bucket and in batches. A timer whose command is refused, or breaks, is set aside with its
 * reason: it shows up and holds nothing up. One that needs newer code is not ours to judge: the timers of its bucket are left
 * to a process that has it. The checkpoint row named `timers` is the lease of a bucket.
 */
export class TimerRunner {
  private readonly checkpoints: Checkpoints;
  private readonly left = new LeftBuckets();

  constructor(
    private readonly database: Database,
    private readonly executor: CommandExecutor,
    private readonly clock: Clock,
    private readonly incidents: Incidents,
    /** How many timers at most are fired in one transaction. */
    private readonly batchSize = BATCH,
  ) {
    this.checkpoints = new Checkpoints(database, 'timers');
  }

  async bucketsWithWork(): Promise<number[]> {
    const rows = await this.database.query<{ bucket: number }>(
      `select b.bucket from es.bucket b where exists (
         select 1 from es.timer t where t.bucket = b.bucket and t.clock_id is null and t.set_aside_at is null and t.due_at <= $1::timestamptz)`,
      [this.clock.now()],
    );
    return rows.map(({ bucket }) => bucket).filter((bucket) => !this.left.has(bucket));
  }

  /** Fires all that is due in real time in a bucket; answers how many timers that were. */
  async fireDue(bucket: number): Promise<number> {
    try {
      const fired = await this.fireAll(bucket, (sql, limit) => dueTimers(sql, bucket, this.clock.now(), limit));
      this.left.takeUp(bucket);
      return fired;
    } catch (error) {
      if (!(error instanceof NewerCodeNeeded)) throw error;
      this.left.leave(bucket);
      this.incidents.report({ what: 'timers-stopped', details: { bucket }, error });
      return 0;
    }
  }

  /** Fires what is due on a test clock by a moment, in a bucket. Throws `NewerCodeNeeded`: the clock must wait as well. */
  async fireOnClock(bucket: number, clockId: TestClockId, upTo: Instant): Promise<number> {
    return this.fireAll(bucket, async (sql, limit) => (await dueOnClock(sql, bucket, clockId, upTo)).slice(0, limit));
  }

  private async fireAll(bucket: number, due: (sql: Sql, limit: number) => Promise<DueTimer[]>): Promise<number> {
    let fired = 0;
    for (let singly = 0; ; ) {
      const limit = singly > 0 ? 1 : this.batchSize;
      const batch = await this.fireBatch(bucket, limit, due);
      fired += batch.fired;
      await faultPoint('timers.between-batches');
      if (batch.unwritable > 1) singly = batch.unwritable;
      else if (batch.found < limit) return fired;
      else singly = Math.max(0, singly - 1);
    }
  }

  /** A batch that cannot be written is gone through one by one, and the timer that cannot be written alone is set aside. */
  private async fireBatch(bucket: number, limit: number, due: (sql: Sql, limit: number) => Promise<DueTimer[]>): Promise<Batch> {
    let timers: DueTimer[] = [];
    let results: Result[] = [];
    let failures: Failure[] = [];
    await this.checkpoints.ensure(bucket);
    try {
      await this.executor.inTransaction(
        bucket,
        async (transaction): Promise<Result[]> => {
          const { sql } = transaction;
          [timers, results, failures] = [[], [], []];
          timers = (await this.lease(sql, bucket)) ? await due(sql, limit) : [];
          await faultPoint('timers.after-claim');
          results = timers.length > 0 ? await this.executor.fireIn(transaction, timers) : [];
          await faultPoint('timers.after-firing');
          failures = failuresOf(timers, results);
          await this.aside(sql, bucket, failures);
          return [];
        },
        { insist: true },
      );
    } catch (error) {
      if (isTransient(error) || timers.length === 0) throw error;
      if (timers.length > 1) return { found: timers.length, fired: 0, unwritable: timers.length };
      if (error instanceof NewerCodeNeeded) throw error;
      results = [];
      failures = [{ timer: timers[0]!, reason: (error as Error).message }];
      await this.database.transaction((sql) => this.aside(sql, bucket, failures));
    }
    for (const { timer, reason } of failures) {
      this.incidents.report({
        what: 'timer-set-aside',
        details: { timer: timer.timer, stream: timer.streamId, dueAt: timer.dueAt },
        error: new Error(reason),
      });
    }
    // Fewer results than timers: the first ones change what is due next, so the bucket is looked at again.
    const found = results.length < timers.length ? limit : timers.length;
    return { found, fired: Math.max(results.length, failures.length), unwritable: 0 };
  }

  private async lease(sql: Sql, bucket: number): Promise<boolean> {
    const held = await sql.query(`select 1 from es.checkpoint where bucket = $1::smallint and reader = 'timers' for update skip locked`, [
      bucket,
    ]);
    return held.length > 0;
  }

  private async aside(sql: Sql, bucket: number, failures: readonly Failure[]): Promise<void> {
    for (const statement of setAside(bucket, failures, this.clock.now())) await sql.run(statement);
  }
}

function failuresOf(timers: readonly DueTimer[], results: readonly Result[]): Failure[] {
  return results.flatMap((result, index) => ('error' in result ? [{ timer: timers[index]!, reason: result.error.message }] : []));
}
