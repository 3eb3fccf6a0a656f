import { randomUUID } from 'node:crypto';
import type { TestClockId } from '#kernel/ids.js';
import type { AnyCommand, Outcome } from './command.js';
import type { CommandExecutor, Result } from './command-executor.js';
import type { Incidents } from './incidents.js';
import { type ClaimedJob, type JobStore, LeaseLost } from './jobs.js';
import type { Sql } from './sql.js';

/** Executes the command that records the job's effect, if there is one, and removes the job: one transaction. */
export type FinishJob = (command?: AnyCommand) => Promise<Outcome | undefined>;

/** Work of one kind. A throw gives the job back, to be tried again after a growing pause. */
export interface JobHandler {
  readonly kind: string;
  run(job: ClaimedJob, finish: FinishJob): Promise<void>;
}

const LEASE_MS = 60_000;
const HEARTBEAT_MS = 20_000;
const MAX_PAUSE_MS = 15 * 60_000;

/** Claims jobs and runs them, a bounded number at once. The rows are the truth: whatever wakes it, it claims them again. */
export class JobRunner {
  private readonly worker = randomUUID();
  private readonly handlers = new Map<string, JobHandler>();

  constructor(
    private readonly jobs: JobStore,
    private readonly executor: CommandExecutor,
    private readonly incidents: Incidents,
  ) {}

  register(handler: JobHandler): void {
    if (this.handlers.has(handler.kind)) throw new Error(`Two handlers run jobs of kind ${handler.kind}.`);
    this.handlers.set(handler.kind, handler);
  }

  /** Claims up to `limit` due jobs and runs them side by side; answers how many there were. */
  async runDue(limit: number, clockId?: TestClockId): Promise<number> {
    const claimed = await this.jobs.claim({ worker: this.worker, leaseMs: LEASE_MS, limit, clockId });
    await Promise.all(claimed.map((job) => this.run(job)));
    return claimed.length;
  }

  /** Runs one claimed job to its end, its failure included. */
  async run(job: ClaimedJob): Promise<void> {
    const handler = this.handlers.get(job.kind);
    if (!handler) {
      await this.jobs.bury(job, `No handler runs jobs of kind ${job.kind}.`);
      return;
    }
    const heartbeat = setInterval(() => void this.jobs.heartbeat(job, LEASE_MS).catch(() => {}), HEARTBEAT_MS);
    try {
      await handler.run(job, (command) => this.finish(job, command));
    } catch (error) {
      this.incidents.report({ what: 'job-failed', details: { jobId: job.id, kind: job.kind, attempt: job.attempt }, error: error as Error });
      if (!(error instanceof LeaseLost)) await this.jobs.retryLater(job, pauseMs(job.attempt), (error as Error).message);
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async finish(job: ClaimedJob, command: AnyCommand | undefined): Promise<Outcome | undefined> {
    const results = await this.executor.inTransaction(job.bucket, async (sql: Sql): Promise<Result[]> => {
      const done = command ? await this.executor.executeIn(sql, job.bucket, [command]) : [];
      if (!done.some((result) => 'error' in result)) await this.jobs.finish(sql, job);
      return done;
    });
    const [result] = results;
    return result && 'outcome' in result ? result.outcome : undefined;
  }
}

/** 0.5 s, 1 s, 2 s … up to 15 minutes. */
function pauseMs(attempt: number): number {
  return Math.min(MAX_PAUSE_MS, 250 * 2 ** Math.min(attempt, 20));
}
