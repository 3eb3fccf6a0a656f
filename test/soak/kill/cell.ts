import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { freePort } from '#embedded/ports.js';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { commandLine, sendSignal, waitWhile } from '#embedded/processes.js';
import { fromEpochMs } from '#kernel/instant.js';
import { migrate } from '#migrations/migrate.js';
import { issueApiKey } from '#platform/auth/api-keys.js';
import { PostgresApiKeys } from '#platform/auth/postgres-api-keys.js';
import { createDatabase } from '../../../apps/local/src/create-database.js';
import { type Simulator, startSimulator } from '../../../apps/simulator/src/simulator.js';
import { PlatformProcess } from './platform-process.js';
import type { Program } from './program.js';

const WEBHOOK_SECRET = 'whsec_0123456789abcdef0123456789abcdef';
const STRIPE_KEY = 'sk_test_specs';

/**
 * A whole installation to be killed: a PostgreSQL of its own that writes through to the disk as in production, and processes
 * that are API and worker at once. The gateway is outside: it lives on, as Stripe would.
 */
export class Cell {
  readonly processes: PlatformProcess[] = [];
  apiKey = '';
  private source!: DataSource;

  private constructor(
    private readonly folder: string,
    private postgres: RunningPostgres,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly program: Program,
    readonly simulator: Simulator,
  ) {}

  /** `make` gives the program that the processes run, which may keep files in the cell's folder. */
  static async start(processes: number, settings: Readonly<Record<string, string>>, make: (folder: string) => Program): Promise<Cell> {
    const folder = mkdtempSync(join(process.env.PERENNIAL_TEST_FOLDER ?? tmpdir(), 'kill-'));
    mkdirSync(join(folder, 'logs'));
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), settings });
    const simulator = await startSimulator({ stateFile: ':memory:', apiKey: STRIPE_KEY });
    const cell = new Cell(folder, postgres, settings, make(folder), simulator);
    try {
      await createDatabase(postgres.url('postgres'), 'perennial');
      await migrate(cell.databaseUrl);
      cell.source = await cell.connected();
      const { text, record } = issueApiKey({ role: 'super_admin', name: 'soak' }, fromEpochMs(Date.now()));
      await new PostgresApiKeys(cell.source).add(record);
      cell.apiKey = text;
      for (let index = 0; index < processes; index += 1) cell.processes.push(await cell.process(index));
      simulator.setWebhook({ url: `${cell.processes[0]!.baseUrl}/v1/webhooks/stripe`, secret: WEBHOOK_SECRET });
      await Promise.all(cell.processes.map((process) => process.start()));
      return cell;
    } catch (error) {
      await cell.stop();
      throw error;
    }
  }

  get databaseUrl(): string {
    return this.postgres.url('perennial');
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

  /** As the owner, over connections of its own that are new after each crash. */
  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.source.query<Row[]>(text, values);
  }

  /** SIGKILL to one connection's process: PostgreSQL ends all others and repairs itself. Answers whether there was one. */
  async killBackend(chosen: number): Promise<boolean> {
    const rows = await this.query<{ pid: number }>(`select pid from pg_stat_activity where application_name = 'perennial' order by pid`);
    const pid = rows[chosen % Math.max(rows.length, 1)]?.pid;
    if (pid === undefined || !this.isChild(pid)) return false;
    sendSignal(pid, 'SIGKILL');
    await this.reconnected();
    return true;
  }

  /** SIGKILL to the server itself; its children see that and end. Then it is started again on the same data. */
  async killPostgres(): Promise<void> {
    const { pid } = this.postgres;
    // The folder of its socket is that of this cell's data and of no other's.
    if (!commandLine(pid)?.includes(this.postgres.socketDir)) throw new Error(`The process ${pid} is not the PostgreSQL of this cell.`);
    sendSignal(pid, 'SIGKILL');
    await waitWhile(() => commandLine(pid) !== null, 10_000);
    await this.source.destroy().catch(() => {});
    await this.postgres.stop();
    this.postgres = await startPostgres({ dataDir: join(this.folder, 'postgres'), settings: this.settings });
    this.source = await this.connected();
  }

  /** Starts what is dead, and waits until every process is ready. */
  async heal(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.kill()));
    await this.source?.destroy().catch(() => {});
    await this.simulator.stop();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async process(index: number): Promise<PlatformProcess> {
    const port = await freePort();
    return new PlatformProcess(this.program, port, join(this.folder, 'logs', `${index}.log`), {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: join(this.folder, 'compile-cache'),
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      LOG_FILE: join(this.folder, 'logs', `${index}.json`),
      DATABASE_URL: this.databaseUrl,
      DATABASE_POOL_SIZE: '10',
      STRIPE_API_KEY: STRIPE_KEY,
      STRIPE_HOST: this.simulator.host,
      STRIPE_PORT: String(this.simulator.port),
      STRIPE_PROTOCOL: 'http',
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    });
  }

  private isChild(pid: number): boolean {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(this.postgres.pid);
    } catch {
      return false;
    }
  }

  private async connected(): Promise<DataSource> {
    return new DataSource({ type: 'postgres', url: this.databaseUrl, poolErrorHandler: () => {}, extra: { max: 2 } }).initialize();
  }

  private async reconnected(): Promise<void> {
    await this.source.destroy().catch(() => {});
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.source = await this.connected();
        return;
      } catch (error) {
        if (attempt === 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}
