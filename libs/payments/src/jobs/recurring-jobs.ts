import type { Clock } from '#event-sourcing/clock.js';
import type { Incidents } from '#event-sourcing/incidents.js';
import { jobStatements } from '#event-sourcing/jobs.js';
import { enqueue } from '#event-sourcing/reaction.js';
import type { Database } from '#event-sourcing/sql.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import { epochMs, fromEpochMs, type Instant } from '#kernel/instant.js';

export interface RecurringJob {
  readonly kind: string;
  readonly gateway: string;
  readonly everyMs: number;
  /** How long after each full interval since 1970. */
  readonly offsetMs: number;
}

const PLANNED_EVERY_MS = 60_000;

/**
 * Sees to it that the next run of each recurring job is a row. The row's id follows from kind, gateway and moment, so that any number
 * of processes plan the same one; a run is missed only while no process at all lives in the interval before it.
 */
export class RecurringJobs {
  private timer: NodeJS.Timeout | undefined;
  private planning: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly incidents: Incidents,
    private readonly recurring: readonly RecurringJob[],
  ) {}

  start(): void {
    this.planning = this.planOrReport();
    this.timer = setInterval(() => {
      this.planning = this.planOrReport();
    }, PLANNED_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.planning;
  }

  async plan(): Promise<void> {
    for (const { kind, gateway, everyMs, offsetMs } of this.recurring) {
      const at = nextRun(this.clock.now(), everyMs, offsetMs);
      const id = hashedId(`${kind}/${gateway}/${at}`);
      const job = enqueue(kind, id, { gateway, at }, at);
      for (const { text, values } of jobStatements(bucketOf(id), [{ job, accountId: null, clockId: null }]))
        await this.database.query(text, values);
    }
  }

  private async planOrReport(): Promise<void> {
    try {
      await this.plan();
    } catch (error) {
      this.incidents.report({ what: 'loop-failed', details: { loop: 'recurring jobs of payments' }, error: error as Error });
    }
  }
}

/** The first moment of the rhythm after now. */
export function nextRun(now: Instant, everyMs: number, offsetMs: number): Instant {
  const intervals = Math.floor((epochMs(now) - offsetMs) / everyMs) + 1;
  return fromEpochMs(intervals * everyMs + offsetMs);
}
