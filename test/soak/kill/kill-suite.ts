import { setTimeout as pause } from 'node:timers/promises';
import type { FaultPointName } from '#kernel/fault-point.js';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import type { BreakablePostgres } from './breakable-postgres.js';
import { Cell, LEASE_SECONDS } from './cell.js';
import { JournalingClient } from './journaling-client.js';
import type { PlatformProcess } from './platform-process.js';
import { appsAt, pointsOfLoad } from './points.js';
import { type App, fromBuild, fromSources } from './program.js';
import { restOf } from './rest.js';
import { verifyCell } from './verify-cell.js';

/** `fault point`: a process that kills itself right there. `everything`: all processes, Redis and PostgreSQL at once. */
export const strikes = ['api', 'worker', 'backend', 'PostgreSQL', 'Redis', 'fault point', 'everything'] as const;
type Strike = (typeof strikes)[number];

export interface KillOptions extends SuiteOptions {
  readonly only?: readonly Strike[];
  /** Starts the processes from the sources instead of a build. */
  readonly unbuilt?: boolean;
  readonly apis?: number;
  readonly workers?: number;
}

/** Commits wait for the disk in the product. In the control they do not, and are in the server's memory when it is killed. */
const CAREFUL = {};
const CARELESS = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '1GB' };

const LANES = 4;
const VERIFY_EVERY = 50;
const STOP_EVERY = 25;
/** I15: so long after the last fault all must be quiet and right, without anybody's help. */
const QUIET_WITHIN_MS = 120_000;
const POINT_WITHIN_MS = 60_000;
/** From this size on each point is struck several times, whatever the seed. */
const ALL_POINTS_SIZE = 1_000;

/** One trial is a kill -9 under load. Nothing acknowledged is lost and nothing is done twice, by the client's own journal. */
export async function runKillSuite(options: KillOptions): Promise<SuiteResult> {
  const settings = options.control ? CARELESS : CAREFUL;
  const { apis = 2, workers = 2, unbuilt } = options;
  const cell = await Cell.start({ apis, workers, settings, make: unbuilt ? fromSources : fromBuild });
  try {
    return await new KillRun(options, cell).result();
  } finally {
    await cell.stop();
  }
}

class KillRun {
  private readonly tally: Tally;
  private readonly chance: SeededChance;
  private readonly client: JournalingClient;
  /** The points in the order in which they are struck, and how often each was. */
  private readonly points: FaultPointName[] = [];
  private readonly struck = new Map<FaultPointName, number>();
  private leasesLapsed = 0;
  private slowestRecoveryMs = 0;
  private slowestQuietMs = 0;

  constructor(
    private readonly options: KillOptions,
    private readonly cell: Cell,
  ) {
    this.tally = new Tally('kill', options);
    this.chance = new SeededChance(options.seed);
    const baseUrls = cell.of('api').map(({ baseUrl }) => baseUrl);
    const files = { journal: cell.journalFile, requests: cell.requestLogFile };
    this.client = new JournalingClient({ baseUrls, apiKey: cell.apiKey }, new SeededChance(options.seed + 1), files);
  }

  async result(): Promise<SuiteResult> {
    const { size, control } = this.options;
    const only = this.options.only ?? (control ? (['PostgreSQL'] as const) : strikes);
    await this.prepare();
    this.client.start(LANES);
    await this.recovered('before the first kill');
    for (let index = 0; index < size; index += 1) {
      const strike = index < only.length ? only[index]! : this.drawn(only);
      const at = `kill ${index} (${strike})`;
      await this.cycle(strike, at).catch((error: Error) => this.tally.fail(`${at}: ${error.message}`));
      if ((index + 1) % STOP_EVERY === 0) await this.stopPastLease(`after kill ${index}`);
      if (control || (index + 1) % VERIFY_EVERY === 0 || index + 1 === size) await this.check(`after kill ${index}`);
      this.tally.advance();
      // What is lost once stays lost: there is no more to show.
      if (control && this.tally.failures.length > 0) break;
    }
    await this.client.pause();
    this.client.close();
    for (const refusal of this.client.refusals.slice(0, 10)) this.tally.fail(`The client was refused: ${refusal}`);
    this.checkCoverage();
    const { acknowledged, unanswered } = this.client;
    const { leasesLapsed, slowestRecoveryMs, slowestQuietMs } = this;
    const slowestStartMs = Math.max(...this.cell.processes.map((process) => process.slowestStartMs));
    const pointsStruck = this.struck.size;
    return this.tally.result({ acknowledged, unanswered, pointsStruck, leasesLapsed, slowestStartMs, slowestRecoveryMs, slowestQuietMs });
  }

  /** A gateway takes its time, before it acts or after: that is when its callers are killed. */
  private async prepare(): Promise<void> {
    const slow = { kinds: ['delay', 'delay_after'], probability: 0.6, seed: this.options.seed, ms: 150, method: 'POST' };
    const answer = await fetch(`${this.cell.simulator.url}/_simulator/faults`, { method: 'POST', body: JSON.stringify(slow) });
    if (!answer.ok) throw new Error(await answer.text());
    const prices = [{ code: 'base', model: 'flat', currencies: { USD: { amount: 2900 } } }];
    const body = { code: 'pro', name: 'Pro', interval: { unit: 'month', count: 1 }, prices };
    await this.client.perform({ method: 'POST', path: '/v1/plans', body, event: 'PlanVersionPublished' });
    // What the control loses is of the load, and not the schema.
    await this.cell.postgres.query('checkpoint');
  }

  /** What takes the most time to get over is drawn once for each two of the others. */
  private drawn(only: readonly Strike[]): Strike {
    return this.chance.oneOf(only.flatMap((strike) => (strike === 'everything' || strike === 'fault point' ? [strike] : [strike, strike])));
  }

  private async cycle(strike: Strike, at: string): Promise<void> {
    await pause(this.chance.between(100, 500));
    await this.strike(strike);
    this.tally.count(strike);
    await this.recovered(at);
  }

  private async strike(strike: Strike): Promise<void> {
    const { cell } = this;
    switch (strike) {
      case 'api':
      case 'worker':
        return (await this.readyOne(strike)).kill();
      case 'backend':
        while (!(await cell.postgres.killBackend(this.chance.between(0, 100)))) await pause(50);
        return;
      case 'PostgreSQL':
        return cell.postgres.kill(this.awayMs());
      case 'Redis':
        return this.killRedis();
      case 'fault point':
        return this.strikeAt(this.nextPoint());
      case 'everything':
        await Promise.all([cell.postgres.kill(0), this.killRedis(), ...cell.processes.map((process) => process.kill())]);
        return;
      default:
        return strike satisfies never;
    }
  }

  /** Mostly back at once; now and then away for longer than a connection waits. */
  private awayMs(): number {
    return this.chance.between(0, 3) === 0 ? this.chance.between(200, 3_000) : 0;
  }

  private async killRedis(): Promise<void> {
    await this.cell.redis.kill();
    await pause(this.awayMs());
    await this.cell.redis.start();
  }

  /** A process is killed at any moment, and its next life ends exactly at the point. */
  private async strikeAt(point: FaultPointName): Promise<void> {
    const process = await this.readyOne(this.chance.oneOf(appsAt(point)));
    await process.kill();
    const faults = { seed: this.options.seed, points: { [point]: { mode: 'kill', atHit: this.chance.between(1, 3) } } } as const;
    if (await process.endsAt(faults, POINT_WITHIN_MS)) this.struck.set(point, (this.struck.get(point) ?? 0) + 1);
    await process.kill();
  }

  /** All points in an order of the seed, then all again. */
  private nextPoint(): FaultPointName {
    if (this.points.length === 0) {
      const left = [...pointsOfLoad];
      while (left.length > 0) this.points.push(...left.splice(this.chance.between(0, left.length - 1), 1));
    }
    return this.points.pop()!;
  }

  /** One that serves, so that there is something to strike at; others may still be on their way back from an earlier strike. */
  private async readyOne(app: App): Promise<PlatformProcess> {
    for (const endMs = performance.now() + QUIET_WITHIN_MS; performance.now() < endMs; await pause(20)) {
      const ready = this.cell.of(app).filter((process) => process.isReady);
      if (ready.length > 0) return this.chance.oneOf(ready);
    }
    throw new Error(`No ${app} is ready ${QUIET_WITHIN_MS} ms after the last strike.`);
  }

  /** Restarts what is dead, as an orchestrator does, and waits until somebody is served again. */
  private async recovered(at: string): Promise<void> {
    const sinceMs = performance.now();
    for (const process of this.cell.processes) {
      void process.start().catch((error: Error) => this.tally.fail(`${at}: ${error.message}`));
    }
    while (this.client.servedAtMs < sinceMs) {
      if (performance.now() - sinceMs > QUIET_WITHIN_MS) throw new Error(`No request is served ${QUIET_WITHIN_MS} ms after it.`);
      await pause(10);
    }
    this.slowestRecoveryMs = Math.max(this.slowestRecoveryMs, Math.round(performance.now() - sinceMs));
    for (const ending of this.cell.endings()) this.tally.fail(`${at}: ${ending}`);
  }

  /** Like a machine that swaps: the jobs in its hands pass to others, and then it wakes and goes on. */
  private async stopPastLease(at: string): Promise<void> {
    const process = await this.readyOne(this.chance.oneOf(['api', 'worker', 'worker', 'worker']));
    const { postgres } = this.cell;
    await has(postgres, `select 1 from es.job where state = 'leased'`, 2_000);
    process.signal('SIGSTOP');
    const stoppedMs = LEASE_SECONDS * 1_000 + this.chance.between(1_000, 3_000);
    const lapsed = has(postgres, `select 1 from es.job where state = 'leased' and lease_until < now()`, stoppedMs);
    await pause(stoppedMs);
    if (await lapsed) this.leasesLapsed += 1;
    process.signal('SIGCONT');
    this.tally.count(`${process.app} stopped past its lease`);
    await this.recovered(`${at}, stopped`);
  }

  /** Lets all come to rest, and looks at everything: the journal, the gateway, the books. */
  private async check(at: string): Promise<void> {
    await this.client.pause();
    const startedMs = performance.now();
    await this.cell.heal();
    const left = await restOf(this.cell.postgres, QUIET_WITHIN_MS);
    this.slowestQuietMs = Math.max(this.slowestQuietMs, Math.round(performance.now() - startedMs));
    if (left !== '') this.tally.fail(`${at}: after ${QUIET_WITHIN_MS} ms there are still ${left}.`);
    for (const failure of await verifyCell(this.cell)) this.tally.fail(`${at}: ${failure}`);
    this.client.start(LANES);
  }

  /** A campaign that did not strike where it says proves less than it says. */
  private checkCoverage(): void {
    const { size, only } = this.options;
    if (size < ALL_POINTS_SIZE || only) return;
    for (const point of pointsOfLoad) if (!this.struck.has(point)) this.tally.fail(`The point ${point} was never struck.`);
    if (this.leasesLapsed === 0) this.tally.fail('No process was stopped with a job in its hands.');
  }
}

/** Whether there is such a row within this time. */
async function has(postgres: BreakablePostgres, text: string, withinMs: number): Promise<boolean> {
  for (const endMs = performance.now() + withinMs; performance.now() < endMs; await pause(20)) {
    if ((await postgres.query(text)).length > 0) return true;
  }
  return false;
}
