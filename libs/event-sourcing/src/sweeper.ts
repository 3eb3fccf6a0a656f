import type { JobRunner } from './job-runner.js';

export interface SweepTiming {
  /** Between two rounds while the bell is in reach. */
  readonly everyMs: number;
  /** A due job that nobody has rung for in this time is rung for again. */
  readonly quietMs: number;
  /** A job that is due for so long although it was rung for is taken without a bell: whatever is wrong with the bell. */
  readonly overdueMs: number;
}

const TIMING: SweepTiming = { everyMs: 1_000, quietMs: 5_000, overdueMs: 15_000 };
const RINGS_AT_ONCE = 500;

/**
 * Sees to it that every due job is run. With a bell in reach it rings again for what was not heard; without one, or while
 * it is out of reach, it takes the jobs and runs them.
 */
export class Sweeper {
  private sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly jobs: JobRunner,
    private readonly timing: SweepTiming = TIMING,
  ) {}

  /** One look at all lanes; answers whether any job was started. */
  async round(): Promise<boolean> {
    const { bell } = this.jobs;
    if (!bell) return this.startAll();
    if (performance.now() - this.sweptAtMs < this.timing.everyMs) return false;
    this.sweptAtMs = performance.now();
    let started = 0;
    for (const lane of this.jobs.lanes) {
      const room = await bell.room(lane);
      if (room === null) {
        started += await this.jobs.startDue(lane);
        this.sweptAtMs = Number.NEGATIVE_INFINITY;
        continue;
      }
      if (room > 0) await this.jobs.ringUnheard(lane, bell, Math.min(room, RINGS_AT_ONCE), this.timing.quietMs);
      started += await this.jobs.startDue(lane, this.timing.overdueMs);
    }
    return started > 0;
  }

  private async startAll(): Promise<boolean> {
    let started = 0;
    for (const lane of this.jobs.lanes) started += await this.jobs.startDue(lane);
    return started > 0;
  }
}
