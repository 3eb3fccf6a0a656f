import { setTimeout as sleep } from 'node:timers/promises';
import type { TestClockId } from '#kernel/ids.js';
import type { Doorbell } from './doorbell.js';
import type { DurableReader } from './durable-reader.js';
import type { Incidents } from './incidents.js';
import type { JobRunner } from './job-runner.js';
import { Sweeper, type SweepTiming } from './sweeper.js';
import type { TestClockRunner } from './test-clock-runner.js';
import type { TimerRunner } from './timer-runner.js';

/** What is seen to now and then, by whichever worker comes to it: doing it twice changes nothing. */
export interface Duty {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

export interface WorkerParts {
  readonly timers: TimerRunner;
  readonly readers: readonly DurableReader[];
  readonly jobs: JobRunner;
  readonly clocks: TestClockRunner;
  readonly doorbell: Doorbell;
  readonly incidents: Incidents;
  readonly sweeping?: SweepTiming;
  readonly duties?: readonly Duty[];
}

const IDLE_MS = { shortest: 5, longest: 250 };
const AFTER_ERROR_MS = 1_000;
/** Orchestrators kill what has not ended 30 s after SIGTERM: closing connections takes a part of that. */
const PATIENCE_MS = 25_000;

/**
 * The loops of a worker process: due timers, readers of the log, jobs, test clocks. Each looks at once when the doorbell
 * rings, and otherwise at growing intervals up to a quarter of a second. Any number of workers may run.
 */
export class Worker {
  private stopping = false;
  private loops: Promise<void>[] = [];
  private readonly advancing = new Map<TestClockId, Promise<void>>();
  private readonly wakers = new Set<() => void>();
  private unlisten: () => void = () => {};

  constructor(private readonly parts: WorkerParts) {}

  start(): void {
    const { timers, readers, jobs, clocks } = this.parts;
    const sweeper = new Sweeper(jobs, this.parts.sweeping);
    jobs.bell?.listen(jobs.lanes, (lane, job) => jobs.runOne(lane, job));
    const rung = new RungBuckets(readers);
    this.unlisten = this.parts.doorbell.listen((bucket) => {
      rung.add(bucket);
      for (const wake of this.wakers) wake();
    });
    this.loops = [
      this.loop(
        'timers',
        async () => {
          let fired = 0;
          for (const bucket of await timers.bucketsWithWork()) fired += this.stopping ? 0 : await timers.fireDue(bucket);
          return fired > 0;
        },
        'undisturbed',
      ),
      ...readers.map((reader) =>
        this.loop(reader.name, async () => {
          let handled = 0;
          for (const bucket of await rung.worthALook(reader)) handled += this.stopping ? 0 : await reader.drain([bucket]);
          return handled > 0;
        }),
      ),
      this.loop('jobs', () => sweeper.round()),
      ...(this.parts.duties ?? []).map((duty) => this.loop(duty.name, everySoOften(duty), 'undisturbed')),
      this.loop('test-clocks', async () => {
        const waiting = (await clocks.waiting()).filter((clockId) => !this.advancing.has(clockId));
        for (const clockId of waiting) this.advance(clockId);
        return waiting.length > 0;
      }),
    ];
  }

  /**
   * Takes nothing new and finishes what is under way, for `patienceMs` at most. Jobs that take longer are given back, so
   * that another worker has them at once; a transaction that takes longer is rolled back when the connections close.
   */
  async stop(patienceMs = PATIENCE_MS): Promise<void> {
    this.stopping = true;
    this.unlisten();
    for (const wake of this.wakers) wake();
    const late = new AbortController();
    const loops = Promise.race([
      Promise.all([...this.loops, ...this.advancing.values()]),
      sleep(patienceMs, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    await Promise.all([this.parts.jobs.bell?.deafen(), this.parts.jobs.stop(patienceMs), loops]);
    late.abort();
  }

  /** Each clock by itself: one that waits, for a job's retry or a stopped bucket, holds up no other. */
  private advance(clockId: TestClockId): void {
    const advanced = this.parts.clocks
      .advance(clockId, () => this.stopping)
      .catch(async (error: Error) => {
        this.parts.incidents.report({ what: 'loop-failed', details: { loop: 'test-clocks' }, error });
        await this.pause(AFTER_ERROR_MS, 'undisturbed');
      })
      .finally(() => this.advancing.delete(clockId));
    this.advancing.set(clockId, advanced);
  }

  /** What has just happened makes work for readers and jobs; a timer that is due at once can wait for the next round. */
  private async loop(name: string, work: () => Promise<boolean>, disturbed: 'by-doorbell' | 'undisturbed' = 'by-doorbell'): Promise<void> {
    let idleMs = IDLE_MS.shortest;
    while (!this.stopping) {
      try {
        const found = await work();
        idleMs = found ? IDLE_MS.shortest : Math.min(idleMs * 2, IDLE_MS.longest);
        if (!found && (await this.pause(idleMs, disturbed))) idleMs = IDLE_MS.shortest;
      } catch (error) {
        this.parts.incidents.report({ what: 'loop-failed', details: { loop: name }, error: error as Error });
        await this.pause(AFTER_ERROR_MS, 'undisturbed');
      }
    }
  }

  /** True when the doorbell ended the pause early. */
  private async pause(durationMs: number, disturbed: 'by-doorbell' | 'undisturbed'): Promise<boolean> {
    const early = new AbortController();
    const wake = (): void => {
      if (disturbed === 'by-doorbell' || this.stopping) early.abort();
    };
    this.wakers.add(wake);
    try {
      await sleep(durationMs, undefined, { signal: early.signal });
      return false;
    } catch {
      return true;
    } finally {
      this.wakers.delete(wake);
    }
  }
}

/** At the start of the worker, and from then on so often. One that fails is tried again at once, as the loops do. */
function everySoOften(duty: Duty): () => Promise<boolean> {
  let doneAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - doneAtMs < duty.everyMs) return false;
    await duty.run();
    doneAtMs = performance.now();
    return false;
  };
}

/** Which buckets a reader looks at: those that were rung for, and now and then all, since a ring may be lost. */
class RungBuckets {
  private readonly rung = new Map<DurableReader, Set<number>>();
  private readonly lookedAtAllMs = new Map<DurableReader, number>();

  constructor(readers: readonly DurableReader[]) {
    for (const reader of readers) this.rung.set(reader, new Set());
  }

  add(bucket: number): void {
    for (const buckets of this.rung.values()) buckets.add(bucket);
  }

  async worthALook(reader: DurableReader): Promise<number[]> {
    const rung = this.rung.get(reader)!;
    const buckets = [...rung];
    rung.clear();
    const nowMs = performance.now();
    if (buckets.length > 0 && nowMs - (this.lookedAtAllMs.get(reader) ?? 0) < IDLE_MS.longest) return reader.bucketsWithWork(buckets);
    this.lookedAtAllMs.set(reader, nowMs);
    return reader.bucketsWithWork();
  }
}
