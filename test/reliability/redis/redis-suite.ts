import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../support/run-folder.js';
import { type Asked, ErrandCell, FAST } from '../jobs/errand-cell.js';
import type { ErrandWorkerOptions } from '../jobs/errand-worker.js';
import { SeededChance } from '../seeded-chance.js';
import { BreakableRedis } from './breakable-redis.js';

export interface SuiteOptions {
  readonly seed: number;
  /** How many faults. The first ones are one of each kind. */
  readonly size: number;
  readonly onProgress?: (done: number, failures: number) => void;
  /** What the controls take away. */
  readonly worker?: Partial<ErrandWorkerOptions>;
  /** How long all must be quiet and right after a fault is over. */
  readonly healMs?: number;
  readonly only?: readonly RedisFault[];
  /**
   * How many jobs are rung for while nobody hears. Default 8. A connection that stands still is handed up to 16 rings, which come
   * without their data after a flush and stand for whatever is due: what is to stay undone without a sweeper must be more.
   */
  readonly unheard?: number;
}

/** The control: more rings are lost than stopped connections are handed, and nobody looks for what they stood for. */
export const NOBODY_SWEEPS = {
  only: ['flush'],
  unheard: 80,
  worker: { sweeping: { everyMs: 200, quietMs: 3_600_000, overdueMs: 3_600_000 } },
  healMs: 6_000,
} as const satisfies Partial<SuiteOptions>;

export interface SuiteResult {
  readonly suite: 'redis';
  readonly seed: number;
  readonly size: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly errands: number;
  /** The longest that a command took, whatever became of Redis meanwhile; and from the end of a fault until all was done. */
  readonly slowestCommandMs: number;
  readonly slowestHealMs: number;
  readonly longestGoneMs: number;
}

export const redisFaults = ['flush', 'forget-lists', 'kill', 'gone', 'removed', 'freeze', 'worker-kill', 'worker-stop'] as const;
export type RedisFault = (typeof redisFaults)[number];

/** Commands wait for PostgreSQL, and never for Redis: what takes longer than this waited for something else. */
const SLOW_COMMAND_MS = 2_000;

/** Breaks Redis and its workers in every way, one fault after the other, while jobs are asked for: none is lost, none counts twice. */
export async function runRedisSuite(options: SuiteOptions): Promise<SuiteResult> {
  const redis = await BreakableRedis.start(temporaryFolder('redis'));
  const cell = await ErrandCell.start(redis.url);
  const run = new RedisRun(options, redis, cell);
  try {
    return await run.result();
  } finally {
    await cell.stop();
    await redis.kill();
  }
}

class RedisRun {
  private readonly chance: SeededChance;
  private readonly faults: Record<string, number> = {};
  private readonly failures: string[] = [];
  private readonly asked: Asked[] = [];
  private slowestHealMs = 0;
  private longestGoneMs = 0;

  constructor(
    private readonly options: SuiteOptions,
    private readonly redis: BreakableRedis,
    private readonly cell: ErrandCell,
  ) {
    this.chance = new SeededChance(options.seed);
  }

  async result(): Promise<SuiteResult> {
    const { seed, size, worker, only = redisFaults, onProgress } = this.options;
    await Promise.all([this.cell.worker('one', worker), this.cell.worker('two', worker)]);
    for (let done = 0; done < size; done += 1) {
      const fault = done < only.length ? only[done]! : this.chance.oneOf(only);
      await this.round(fault, `fault ${done + 1} (${fault})`);
      onProgress?.(done + 1, this.failures.length);
    }
    const canary = await this.redis.contents().catch(() => '');
    if (/errandId|tookMs/.test(canary)) this.failures.push('Redis holds more of a job than its id and bucket.');
    const slowestCommandMs = Math.round(Math.max(...this.asked.map(({ durationMs }) => durationMs)));
    const { faults, failures, slowestHealMs, longestGoneMs } = this;
    return { suite: 'redis', seed, size, faults, failures, errands: this.asked.length, slowestCommandMs, slowestHealMs, longestGoneMs };
  }

  private async round(fault: RedisFault, at: string): Promise<void> {
    const first = this.asked.length;
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    await this.strike(fault, at);
    await this.askSome(4);
    const healedAtMs = performance.now();
    const isQuiet = await this.cell.isQuiet(this.options.healMs ?? 30_000);
    this.slowestHealMs = Math.max(this.slowestHealMs, Math.round(performance.now() - healedAtMs));
    if (!isQuiet) this.failures.push(`${at}: jobs are left after ${this.options.healMs ?? 30_000} ms.`);
    await this.check(this.asked.slice(first), at);
    if (this.living().length !== 2) this.failures.push(`${at}: a worker ended by itself.`);
  }

  private async strike(fault: RedisFault, at: string): Promise<void> {
    switch (fault) {
      case 'flush':
        return this.whileNobodyHears(at, () => this.redis.flush());
      case 'forget-lists':
        return this.whileNobodyHears(at, () => this.redis.forgetLists());
      case 'kill':
        return this.whileNobodyHears(at, async () => {
          await this.redis.kill();
          await this.redis.start();
        });
      case 'gone':
        await this.askSome(4);
        await this.redis.kill();
        await this.askSome(4);
        await pause(this.goneMs());
        return this.redis.start();
      case 'removed':
        await this.askSome(4);
        await this.redis.kill();
        await this.askSome(8);
        if (!(await this.cell.isQuiet(this.options.healMs ?? 30_000))) this.failures.push(`${at}: jobs wait for Redis.`);
        return this.redis.start();
      case 'freeze': {
        this.redis.freeze();
        await Promise.all([this.askSome(8), pause(this.chance.between(300, 2_500))]);
        return this.redis.thaw();
      }
      case 'worker-kill':
        return this.strikeWorker('SIGKILL');
      case 'worker-stop':
        return this.strikeWorker('SIGSTOP');
      default:
        return fault satisfies never;
    }
  }

  /** Both workers stand still, so that the rings certainly lie in Redis when it is struck. */
  private async whileNobodyHears(at: string, strike: () => Promise<unknown>): Promise<void> {
    await this.cell.bellIsInReach();
    for (const worker of this.living()) worker.signal('SIGSTOP');
    await this.askSome(this.options.unheard ?? 8);
    await pause(50);
    const held = await this.redis.with((client) => client.dbsize());
    if (held === 0) this.failures.push(`${at}: Redis held nothing that it could have lost.`);
    await strike();
    for (const worker of this.living()) worker.signal('SIGCONT');
  }

  /** With jobs in its hands, past the length of their lease. */
  private async strikeWorker(signal: 'SIGKILL' | 'SIGSTOP'): Promise<void> {
    await this.askSome(8, 400);
    await pause(this.chance.between(0, 300));
    const worker = this.living()[0]!;
    worker.signal(signal);
    await this.askSome(4);
    await pause((this.options.worker?.timing ?? FAST.timing).leaseMs + this.chance.between(200, 1_500));
    if (signal === 'SIGSTOP') worker.signal('SIGCONT');
    else await this.cell.worker(`instead ${this.cell.workers.length}`, this.options.worker);
  }

  /** At full size Redis is away for minutes the first time, and every eighth time after it. */
  private goneMs(): number {
    const forMinutes = this.options.size >= 100 && this.faults.gone! % 8 === 1;
    const durationMs = forMinutes ? this.chance.between(60_000, 120_000) : this.chance.between(500, 3_000);
    this.longestGoneMs = Math.max(this.longestGoneMs, durationMs);
    return durationMs;
  }

  private async askSome(count: number, tookMs = 0): Promise<void> {
    for (let index = 0; index < count; index += 1) this.asked.push(await this.cell.ask(tookMs + this.chance.between(0, 200)));
  }

  private async check(asked: readonly Asked[], at: string): Promise<void> {
    const effects = await this.cell.effects();
    for (const { errandId, durationMs } of asked) {
      const times = effects.get(errandId)?.length ?? 0;
      if (times !== 1) this.failures.push(`${at}: the errand ${errandId} has ${times} effects.`);
      if (durationMs > SLOW_COMMAND_MS) this.failures.push(`${at}: a command took ${Math.round(durationMs)} ms.`);
    }
  }

  private living() {
    return this.cell.workers.filter(({ lives }) => lives);
  }
}
