import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestClockId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { DurableReader } from './durable-reader.js';
import type { JobRunner } from './job-runner.js';
import type { Database } from './sql.js';
import type { TimerRunner } from './timer-runner.js';

const LEASE_SECONDS = 5;
const JOBS_AT_ONCE = 16;

/**
 * Moves test clocks. Everything due happens in the order of its due time: the timers of one moment are fired, then all
 * that follows from them is brought to an end (reactions, gateway calls), and only then time goes on to the next moment.
 * The rows say how far it has come, so that another process can go on where a killed one stopped.
 */
export class TestClockRunner {
  private readonly worker = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly timers: TimerRunner,
    private readonly relay: DurableReader,
    private readonly jobs: JobRunner,
    private readonly finish: (clockId: TestClockId, now: Instant) => Promise<void>,
  ) {}

  /** Clocks that are to advance and that no living worker moves. */
  async waiting(): Promise<TestClockId[]> {
    const rows = await this.database.query<{ id: TestClockId }>(
      `select id from es.test_clock where target is not null and (lease_until is null or lease_until < now() or holder = $1::uuid)`,
      [this.worker],
    );
    return rows.map(({ id }) => id);
  }

  /** Moves a clock to its target. Returns early when another worker has taken it, or when asked to stop. */
  async advance(clockId: TestClockId, stopping: () => boolean = () => false): Promise<void> {
    const target = await this.hold(clockId);
    if (!target) return;
    const heartbeat = setInterval(() => void this.hold(clockId).catch(() => {}), 1_000);
    try {
      await this.settle(clockId, stopping);
      for (let next = await this.nextDue(clockId, target); next && !stopping(); next = await this.nextDue(clockId, target)) {
        if (!(await this.hold(clockId, next.dueAt))) return;
        for (const bucket of next.buckets) await this.timers.fireOnClock(bucket, clockId, next.dueAt);
        await this.settle(clockId, stopping);
      }
      // Whoever lost the lease on the way has not brought everything to its end, and must not say so.
      if (!stopping() && (await this.hold(clockId, target))) await this.finish(clockId, target);
    } catch (error) {
      await this.letGo(clockId);
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }

  /**
   * Takes or keeps the lease, and shows the time; answers the target, or null when the clock is held elsewhere or has arrived.
   * A timer of the past, as a backdated start sets one, is fired at its own time, but the clock never goes back to it.
   */
  private async hold(clockId: TestClockId, now?: Instant): Promise<Instant | null> {
    const [row] = await this.database.query<{ target: Date }>(
      `update es.test_clock set holder = $2::uuid, lease_until = now() + $3 * interval '1 second', now = greatest(now, $4::timestamptz)
        where bucket = get_byte(uuid_send($1::uuid), 15) and id = $1::uuid and target is not null
          and (holder is null or holder = $2::uuid or lease_until < now())
       returning target`,
      [clockId, this.worker, LEASE_SECONDS, now ?? null],
    );
    return row ? fromEpochMs(row.target.getTime()) : null;
  }

  /** Another worker may know better, and need not wait for the lease to end. */
  private async letGo(clockId: TestClockId): Promise<void> {
    await this.database.query(
      `update es.test_clock set holder = null, lease_until = null
        where bucket = get_byte(uuid_send($1::uuid), 15) and id = $1::uuid and holder = $2::uuid`,
      [clockId, this.worker],
    );
  }

  private async nextDue(clockId: TestClockId, target: Instant): Promise<{ dueAt: Instant; buckets: number[] } | null> {
    const rows = await this.database.query<{ bucket: number; due_at: Date }>(
      `select distinct t.bucket, t.due_at from es.timer t
        where t.clock_id = $1::uuid and t.set_aside_at is null and t.due_at = (
          select min(due_at) from es.timer where clock_id = $1::uuid and set_aside_at is null and due_at <= $2::timestamptz)
        order by t.bucket`,
      [clockId, target],
    );
    return rows[0] ? { dueAt: fromEpochMs(rows[0].due_at.getTime()), buckets: rows.map(({ bucket }) => bucket) } : null;
  }

  /** Until no reaction and no job of the clock's accounts is left. */
  private async settle(clockId: TestClockId, stopping: () => boolean): Promise<void> {
    for (let idleRounds = 0; !stopping(); ) {
      const buckets = await this.bucketsToRead(clockId);
      // A bucket that stands still is left to its pause: this clock waits for it, nobody else does.
      const readable = buckets.length > 0 ? await this.relay.bucketsWithWork(buckets) : [];
      const handled = (readable.length > 0 ? await this.relay.drain(readable) : 0) + (await this.jobs.runDue(JOBS_AT_ONCE, clockId));
      if (handled > 0) {
        idleRounds = 0;
        continue;
      }
      if (buckets.length === 0 && !(await this.hasJobs(clockId))) return;
      idleRounds += 1;
      await sleep(Math.min(5 * 2 ** idleRounds, 250));
    }
  }

  private async bucketsToRead(clockId: TestClockId): Promise<number[]> {
    const rows = await this.database.query<{ bucket: number }>(
      `select b.bucket from (select distinct bucket from es.clocked_stream where clock_id = $1::uuid) b
         left join es.checkpoint c on c.bucket = b.bucket and c.reader = $2
        where (select e.pos from es.event e where e.bucket = b.bucket order by e.pos desc limit 1) > coalesce(c.pos, 0)`,
      [clockId, this.relay.name],
    );
    return rows.map(({ bucket }) => bucket);
  }

  private async hasJobs(clockId: TestClockId): Promise<boolean> {
    const rows = await this.database.query(`select 1 from es.job where clock_id = $1::uuid and state <> 'dead' limit 1`, [clockId]);
    return rows.length > 0;
  }
}
