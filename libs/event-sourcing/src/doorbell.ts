import type { Id } from '#kernel/ids.js';

/** A job that wants to be looked at now. */
export interface RungJob {
  readonly bucket: number;
  readonly id: Id;
  readonly kind: string;
  /** How often the sweeper has rung for it: a ring that was lost and its repetition have different names. */
  readonly epoch: number;
}

type Listener = (bucket: number, jobs: readonly RungJob[]) => void;

/**
 * Says within this process that there may be work, so that workers look at once instead of at their next round.
 * A lost ring costs one polling interval, never work.
 */
export class Doorbell {
  private readonly listeners = new Set<Listener>();

  /** After a commit: the bucket, and the jobs that were asked for with it. */
  ring(bucket: number, jobs: readonly RungJob[] = []): void {
    for (const listener of this.listeners) listener(bucket, jobs);
  }

  /** Answers how to stop listening. A listener must not throw, and must not keep the caller. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
