import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { Cell } from './cell.js';
import { JournalingClient } from './journaling-client.js';
import { fromBuild, fromSources } from './program.js';
import { verifyCell } from './verify-cell.js';

export const strikes = ['process', 'backend', 'postgres', 'all processes', 'everything'] as const;
type Strike = (typeof strikes)[number];

export interface KillOptions extends SuiteOptions {
  readonly only?: readonly Strike[];
  /** Starts the processes from the sources instead of a build. */
  readonly unbuilt?: boolean;
}

/** Commits wait for the disk in the product. In the control they do not, and are in the server's memory when it is killed. */
const CAREFUL = {};
const CARELESS = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_writer_flush_after: '1GB' };

const LANES = 4;
const VERIFY_EVERY = 25;
/** I15: so long after the last fault all must be quiet and right, without anybody's help. */
const QUIET_WITHIN_MS = 120_000;

/** One trial is a kill -9 under load. Nothing acknowledged is lost and nothing is done twice, by the client's own journal. */
export async function runKillSuite(options: KillOptions): Promise<SuiteResult> {
  const cell = await Cell.start(2, options.control ? CARELESS : CAREFUL, options.unbuilt ? fromSources : fromBuild);
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
  private slowestRecoveryMs = 0;
  private slowestQuietMs = 0;

  constructor(
    private readonly options: KillOptions,
    private readonly cell: Cell,
  ) {
    this.tally = new Tally('kill', options);
    this.chance = new SeededChance(options.seed);
    const baseUrls = cell.processes.map(({ baseUrl }) => baseUrl);
    const files = { journal: cell.journalFile, requests: cell.requestLogFile };
    this.client = new JournalingClient({ baseUrls, apiKey: cell.apiKey }, new SeededChance(options.seed + 1), files);
  }

  async result(): Promise<SuiteResult & { readonly acknowledged: number; readonly unanswered: number }> {
    const { size, control } = this.options;
    const only = this.options.only ?? (control ? (['postgres'] as const) : strikes);
    const prices = [{ code: 'base', model: 'flat', currencies: { USD: { amount: 2900 } } }];
    const body = { code: 'pro', name: 'Pro', interval: { unit: 'month', count: 1 }, prices };
    await this.client.perform({ method: 'POST', path: '/v1/plans', body, event: 'PlanVersionPublished' });
    this.client.start(LANES);
    for (let index = 0; index < size; index += 1) {
      const strike = index < only.length ? only[index]! : this.chance.oneOf(only);
      await this.cycle(strike, `kill ${index} (${strike})`);
      if ((index + 1) % VERIFY_EVERY === 0 || index + 1 === size) await this.check(`after kill ${index}`);
      this.tally.advance();
    }
    await this.client.pause();
    this.client.close();
    for (const refusal of this.client.refusals.slice(0, 10)) this.tally.fail(`The client was refused: ${refusal}`);
    const { acknowledged, unanswered } = this.client;
    const { slowestRecoveryMs, slowestQuietMs } = this;
    return this.tally.result({ acknowledged, unanswered, slowestRecoveryMs, slowestQuietMs });
  }

  private async cycle(strike: Strike, at: string): Promise<void> {
    const before = this.client.acknowledged;
    await pause(this.chance.between(100, 1_000));
    const struckMs = performance.now();
    if (await this.strike(strike)) this.tally.count(strike);
    else this.tally.count('nothing to kill');
    try {
      await this.cell.heal();
      await this.served(this.client.acknowledged);
    } catch (error) {
      this.tally.fail(`${at}: ${(error as Error).message}`);
    }
    this.slowestRecoveryMs = Math.max(this.slowestRecoveryMs, Math.round(performance.now() - struckMs));
    if (this.client.acknowledged === before) this.tally.fail(`${at}: nothing was served.`);
  }

  private async strike(strike: Strike): Promise<boolean> {
    const { processes } = this.cell;
    switch (strike) {
      case 'process':
        await this.chance.oneOf(processes).kill();
        return true;
      case 'all processes':
        await Promise.all(processes.map((process) => process.kill()));
        return true;
      case 'backend':
        return this.cell.killBackend(this.chance.between(0, 100));
      case 'postgres':
        await this.cell.killPostgres();
        return true;
      case 'everything':
        await Promise.all([this.cell.killPostgres(), ...processes.map((process) => process.kill())]);
        return true;
      default:
        return strike satisfies never;
    }
  }

  private async served(before: number): Promise<void> {
    const end = performance.now() + QUIET_WITHIN_MS;
    while (this.client.acknowledged < before + LANES) {
      if (performance.now() > end) throw new Error(`No request is served ${QUIET_WITHIN_MS} ms after the kill.`);
      await pause(10);
    }
  }

  /** Lets all come to rest, and looks at everything: the journal, the gateway, the books. */
  private async check(at: string): Promise<void> {
    await this.client.pause();
    const startedMs = performance.now();
    let waiting = await this.waiting();
    while (waiting !== '' && performance.now() - startedMs < QUIET_WITHIN_MS) {
      await pause(100);
      waiting = await this.waiting();
    }
    this.slowestQuietMs = Math.max(this.slowestQuietMs, Math.round(performance.now() - startedMs));
    if (waiting !== '') this.tally.fail(`${at}: after ${QUIET_WITHIN_MS} ms there are still ${waiting}.`);
    const source = await new DataSource({ type: 'postgres', url: this.cell.databaseUrl }).initialize();
    try {
      for (const failure of await verifyCell(this.cell, source)) this.tally.fail(`${at}: ${failure}`);
    } finally {
      await source.destroy();
    }
    this.client.start(LANES);
  }

  /** What is still to be done, in words; empty when all is quiet. What is planned for later and was never begun can wait. */
  private async waiting(): Promise<string> {
    const [row] = await this.cell.query<{ jobs: string | null; behind: string }>(
      `select (select string_agg(concat_ws(' ', kind, state, 'attempt', attempt, last_error), '; ') 
                 from es.job where state <> 'dead' and (attempt > 0 or run_at <= now())) as jobs,
              (select count(*) from (select bucket, max(pos) as last from es.event group by bucket) e
                 left join es.checkpoint c on c.bucket = e.bucket and c.reader = 'relay' where coalesce(c.pos, 0) < e.last) as behind`,
    );
    const { jobs, behind } = row!;
    return jobs === null && behind === '0' ? '' : `jobs (${jobs ?? 'none'}) and ${behind} buckets to read`;
  }
}
