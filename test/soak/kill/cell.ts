import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#embedded/ports.js';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { fromEpochMs } from '#kernel/instant.js';
import { issueApiKey } from '#platform/auth/api-keys.js';
import { PostgresApiKeys } from '#platform/auth/postgres-api-keys.js';
import { type Simulator, startSimulator } from '../../../apps/simulator/src/simulator.js';
import { BreakableRedis } from '../../reliability/redis/breakable-redis.js';
import { BreakablePostgres } from './breakable-postgres.js';
import { PlatformProcess } from './platform-process.js';
import type { App, Program } from './program.js';

const WEBHOOK_SECRET = 'whsec_0123456789abcdef0123456789abcdef';
const STRIPE_KEY = 'sk_test_specs';

/** A twelfth of the usual length, so that a run does not spend its time waiting for the leases of the dead. */
export const LEASE_SECONDS = 5;

export interface CellOptions {
  readonly apis: number;
  readonly workers: number;
  /** Of PostgreSQL. */
  readonly settings: Readonly<Record<string, string>>;
  /** Gives the program that the processes run, which may keep files in the cell's folder. */
  readonly make: (folder: string) => Program;
}

/** A whole installation to be killed: PostgreSQL, Redis, APIs, workers. The gateway is outside: it lives on, as Stripe would. */
export class Cell {
  readonly processes: PlatformProcess[] = [];
  apiKey = '';
  /** Whoever ends this process early ends those that it has started. */
  private readonly abandon = (): void => {
    for (const process of this.processes) process.signal('SIGKILL');
  };

  private constructor(
    private readonly folder: string,
    private readonly program: Program,
    readonly postgres: BreakablePostgres,
    readonly redis: BreakableRedis,
    readonly simulator: Simulator,
  ) {
    process.once('exit', this.abandon);
  }

  static async start({ apis, workers, settings, make }: CellOptions): Promise<Cell> {
    const folder = mkdtempSync(join(process.env.PERENNIAL_TEST_FOLDER ?? tmpdir(), 'kill-'));
    mkdirSync(join(folder, 'logs'));
    const program = make(folder);
    const [postgres, redis, simulator] = await Promise.all([
      BreakablePostgres.start(join(folder, 'postgres'), settings),
      BreakableRedis.start(join(folder, 'redis')),
      startSimulator({ stateFile: ':memory:', apiKey: STRIPE_KEY }),
    ]);
    const cell = new Cell(folder, program, postgres, redis, simulator);
    try {
      const { text, record } = issueApiKey({ role: 'super_admin', name: 'soak' }, fromEpochMs(Date.now()));
      await new PostgresApiKeys(await postgres.connection()).add(record);
      cell.apiKey = text;
      for (let index = 1; index <= apis; index += 1) cell.processes.push(await cell.process('api', index));
      for (let index = 1; index <= workers; index += 1) cell.processes.push(await cell.process('worker', index));
      simulator.setWebhook({ url: `${cell.of('api')[0]!.baseUrl}/v1/webhooks/stripe`, secret: WEBHOOK_SECRET });
      if (program.isCompiledOnce) await cell.compileOnce();
      await cell.heal();
      return cell;
    } catch (error) {
      await cell.stop();
      throw error;
    }
  }

  of(app: App): PlatformProcess[] {
    return this.processes.filter((process) => process.app === app);
  }

  get journalFile(): string {
    return join(this.folder, 'journal.jsonl');
  }

  get requestLogFile(): string {
    return join(this.folder, 'requests.jsonl');
  }

  get logFiles(): string[] {
    return readdirSync(join(this.folder, 'logs')).map((name) => join(this.folder, 'logs', name));
  }

  /** Starts what is dead, and waits until every process is ready. */
  async heal(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.start()));
  }

  /** Processes that ended although nobody struck at them, each with what it said; told once. */
  endings(): string[] {
    return this.processes.flatMap((process) => process.endings.splice(0));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
    await this.redis.kill();
    await this.simulator.stop();
    await this.postgres.discard();
    process.off('exit', this.abandon);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What Node has compiled it keeps for later starts only where a process ends in peace. */
  private async compileOnce(): Promise<void> {
    const firsts = [this.of('api')[0]!, this.of('worker')[0]!];
    await Promise.all(firsts.map((process) => process.start()));
    await Promise.all(firsts.map((process) => process.stop()));
  }

  private async process(app: App, index: number): Promise<PlatformProcess> {
    const name = `${app} ${index}`;
    const port = await freePort();
    const log = join(this.folder, 'logs', name.replace(' ', '-'));
    return new PlatformProcess(app, name, this.program, port, `${log}.log`, {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: join(this.folder, 'compile-cache'),
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      LOG_FILE: `${log}.json`,
      DATABASE_URL: this.postgres.url,
      PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
      DATABASE_POOL_SIZE: '10',
      REDIS_URL: this.redis.url,
      JOB_LEASE_SECONDS: String(LEASE_SECONDS),
      STRIPE_API_KEY: STRIPE_KEY,
      STRIPE_HOST: this.simulator.host,
      STRIPE_PORT: String(this.simulator.port),
      STRIPE_PROTOCOL: 'http',
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    });
  }
}
