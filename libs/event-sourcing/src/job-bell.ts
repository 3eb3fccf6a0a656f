import type { Id } from '#kernel/ids.js';
import type { RungJob } from './doorbell.js';
import type { JobLane } from './job-lanes.js';

/** Hears of a job of a lane; resolves when it is done with, whatever came of it. */
export type HearJob = (lane: JobLane, bucket: number, id: Id) => Promise<void>;

/**
 * Tells the workers of all machines that there are jobs, and spreads them. It is only a bell: what it forgets, the sweeper
 * rings again, and what it says twice finds the row claimed.
 */
export interface JobBell {
  /** How many more rings a lane takes at the moment; null while the bell is out of reach, and workers look for themselves. */
  room(lane: JobLane): Promise<number | null>;
  /** Resolves in a quarter of a second at the latest, whether the rings were taken or not. */
  ring(lane: JobLane, jobs: readonly RungJob[]): Promise<void>;
  /** From now on hears jobs of these lanes, as many at once as the lane is wide. */
  listen(lanes: readonly JobLane[], hear: HearJob): void;
  /** Hears nothing new; what was heard goes on. */
  deafen(): Promise<void>;
}
