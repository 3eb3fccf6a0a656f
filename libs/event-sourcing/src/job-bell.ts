import type { Id } from '#kernel/ids.js';
import type { RungJob } from './doorbell.js';
import type { JobLane } from './job-lanes.js';

/** A job that was rung for. */
export interface RungFor {
  readonly bucket: number;
  readonly id: Id;
}

/**
 * Hears a ring of a lane; null where the bell has forgotten whom it was for. Resolves when what was begun for it is done with,
 * whatever came of it.
 */
export type HearJob = (lane: JobLane, job: RungFor | null) => Promise<void>;

/**
 * Tells the workers of all machines that there are jobs, and spreads them. It is only a bell: what it forgets, the sweeper
 * rings again; what it says twice, or too late, is for the next job that is due.
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
