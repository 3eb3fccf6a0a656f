import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultPoint } from '#kernel/fault-point.js';
import type { TestClockId } from '#kernel/ids.js';
import type { AnyCommand, Outcome } from './command.js';
import type { CommandExecutor, Result } from './command-executor.js';
import type { Incidents } from './incidents.js';
import type { JobBell, RungFor } from './job-bell.js';
import { type JobLane, jobLanes, laneWidths } from './job-lanes.js';
import { type Claim, type ClaimedJob, type JobStore, LeaseLost } from './jobs.js';

/** Executes the command that records the job's effect, if there is one, and removes the job: one transaction. */
export type FinishJob = (command?: AnyCommand) => Promise<Outcome | undefined>;

/** Work of one kind. A throw gives the job back, to be tried again after a growing pause. */
export interface JobHandler {
  readonly kind: string;
  /** What it queues with. Default `other`. */
  readonly lane?: JobLane;
  run(job: ClaimedJob, finish: FinishJob): Promise<void>;
}

/** Thrown by a handler whose job can never succeed: it is put aside for a person instead of being tried again. */
export class HopelessJob extends Error {
  override readonly name = 'HopelessJob';
}

export interface JobTiming {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** A run that takes longer is given up: its place is free again, and it can no longer finish. */
  readonly longestRunMs: number;
}

/** Three signs of life in the length of a lease. */
export function jobTiming(leaseSeconds = 60): JobTiming {
  return { leaseMs: leaseSeconds * 1_000, heartbeatMs: (leaseSeconds * 1_000) / 3, longestRunMs: 10 * 60_000 };
}

/** Where a module provides it, JobRunner takes its timing from there. */
export const JOB_TIMING = Symbol('timing of jobs');

const MAX_PAUSE_MS = 15 * 60_000;

interface Held {
  readonly job: ClaimedJob;
  readonly lane: JobLane;
  readonly done: Promise<void>;
}

/** Claims jobs and runs them, a bounded number at once. The rows are the truth: whatever wakes it, it claims them again. */
export class JobRunner {
  private readonly worker = randomUUID();
  private readonly handlers = new Map<string, JobHandler>();
  private readonly held = new Set<Held>();
  private readonly claims = new Set<Promise<ClaimedJob[]>>();
  private stopping = false;
  /** Spreads the jobs over all workers, where there is one; without it each worker looks for itself. */
  bell: JobBell | null = null;

  constructor(
    private readonly jobs: JobStore,
    private readonly executor: CommandExecutor,
    private readonly incidents: Incidents,
    private readonly timing: JobTiming = jobTiming(),
  ) {}

  register(handler: JobHandler): void {
    if (this.handlers.has(handler.kind)) throw new Error(`Two handlers run jobs of kind ${handler.kind}.`);
    this.handlers.set(handler.kind, handler);
  }

  /** Where jobs of a kind queue; undefined for one that this version does not know. */
  laneOf(kind: string): JobLane | undefined {
    const handler = this.handlers.get(kind);
    return handler && (handler.lane ?? 'other');
  }

  /** The lanes that have anything to run. */
  get lanes(): readonly JobLane[] {
    return jobLanes.filter((lane) => this.kindsOf(lane).length > 0);
  }

  /** Claims up to `limit` due jobs and runs them side by side; answers how many there were, once they have ended. */
  async runDue(limit: number, clockId?: TestClockId): Promise<number> {
    const claimed = await this.take((claim) => this.jobs.claim({ ...claim, limit, clockId }));
    await Promise.all(claimed.map((job) => this.hold(job)));
    return claimed.length;
  }

  /** Claims as many due jobs of a lane as there is room for, and starts them; answers how many those are. */
  async startDue(lane: JobLane, overdueMs = 0): Promise<number> {
    const limit = this.roomIn(lane);
    if (limit <= 0) return 0;
    const claimed = await this.take((claim) => this.jobs.claim({ ...claim, kinds: this.kindsOf(lane), limit, overdueMs }));
    for (const job of claimed) void this.hold(job);
    return claimed.length;
  }

  /**
   * Claims and runs the job that the bell speaks of. Where that is done already, or is not due, it is the next one of its lane:
   * rings are limited to so many a second, and one that came too late must not use up what another job waits for.
   */
  async runOne(lane: JobLane, rungFor: RungFor | null): Promise<void> {
    const claimed = await this.take(async (claim) => {
      let job = rungFor && (await this.jobs.claimOne(rungFor.bucket, rungFor.id, claim));
      if (!job && this.roomIn(lane) > 0) job = await this.jobs.claimNext({ ...claim, kinds: this.kindsOf(lane) });
      return job ? [job] : [];
    });
    await Promise.all(claimed.map((job) => this.hold(job)));
  }

  /** Rings for due jobs of a lane that nobody has rung for in a while, `limit` at most; answers how many those are. */
  async ringUnheard(lane: JobLane, bell: JobBell, limit: number, quietMs: number): Promise<number> {
    const unheard = await this.jobs.unheard({ kinds: this.kindsOf(lane), quietMs, limit });
    await faultPoint('jobs.after-marking');
    if (unheard.length > 0) await bell.ring(lane, unheard);
    return unheard.length;
  }

  /** Takes nothing new, and waits for what is running; what does not end in time is given back for others to take. */
  async stop(patienceMs: number): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.claims);
    const patience = new AbortController();
    const ended = Promise.all([...this.held].map(({ done }) => done));
    await Promise.race([ended, sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
    await this.jobs.release([...this.held].map(({ job }) => job));
  }

  /** What is claimed in the moment of stopping is given back. */
  private async take(claim: (claim: Claim) => Promise<ClaimedJob[]>): Promise<ClaimedJob[]> {
    if (this.stopping) return [];
    const claiming = claim({ worker: this.worker, leaseMs: this.timing.leaseMs, kinds: [...this.handlers.keys()] }).then(
      async (claimed) => {
        if (!this.stopping) return claimed;
        await this.jobs.release(claimed);
        return [];
      },
    );
    this.claims.add(claiming);
    try {
      return await claiming;
    } finally {
      this.claims.delete(claiming);
    }
  }

  private roomIn(lane: JobLane): number {
    return laneWidths[lane] - [...this.held].filter((held) => held.lane === lane).length;
  }

  private kindsOf(lane: JobLane): string[] {
    return [...this.handlers.keys()].filter((kind) => this.laneOf(kind) === lane);
  }

  private async hold(job: ClaimedJob): Promise<void> {
    const held: Held = { job, lane: this.laneOf(job.kind)!, done: this.run(job) };
    this.held.add(held);
    await held.done;
    this.held.delete(held);
  }

  /** Runs one claimed job to its end, its failure included. Never rejects. */
  async run(job: ClaimedJob): Promise<void> {
    const { leaseMs, heartbeatMs, longestRunMs } = this.timing;
    const heartbeat = setInterval(() => void this.jobs.heartbeat(job, leaseMs).catch(() => {}), heartbeatMs).unref();
    try {
      await within(longestRunMs, this.handle(job));
    } catch (error) {
      await this.giveBack(job, error as Error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async handle(job: ClaimedJob): Promise<void> {
    await faultPoint('jobs.after-claim');
    await this.handlers.get(job.kind)!.run(job, (command) => this.finish(job, command));
  }

  /** Where this fails too, the lease runs out. */
  private async giveBack(job: ClaimedJob, error: Error): Promise<void> {
    this.incidents.report({ what: 'job-failed', details: { jobId: job.id, kind: job.kind, attempt: job.attempt }, error });
    if (error instanceof LeaseLost) return;
    try {
      if (error instanceof HopelessJob) await this.jobs.bury(job, error.message);
      else await this.jobs.retryLater(job, pauseMs(job.attempt), error.message);
    } catch (cause) {
      this.incidents.report({
        what: 'job-failed',
        details: { jobId: job.id, kind: job.kind, attempt: job.attempt },
        error: cause as Error,
      });
    }
  }

  private async finish(job: ClaimedJob, command: AnyCommand | undefined): Promise<Outcome | undefined> {
    await faultPoint('jobs.before-finish');
    const results = await this.executor.inTransaction(job.bucket, async (transaction): Promise<Result[]> => {
      const done = command ? await this.executor.executeIn(transaction, [command]) : [];
      await faultPoint('jobs.in-finish');
      if (!done.some((result) => 'error' in result)) await this.jobs.finish(transaction.sql, job);
      return done;
    });
    await faultPoint('jobs.after-finish');
    const [result] = results;
    return result && 'outcome' in result ? result.outcome : undefined;
  }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The job was given up after ${limitMs} ms.`)), limitMs).unref();
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** 0.5 s, 1 s, 2 s … up to 15 minutes. */
function pauseMs(attempt: number): number {
  return Math.min(MAX_PAUSE_MS, 250 * 2 ** Math.min(attempt, 20));
}
