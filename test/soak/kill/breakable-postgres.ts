import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { discardPostgres } from '#embedded/discard.js';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { commandLine, sendSignal, waitWhile } from '#embedded/processes.js';
import { migrate } from '#migrations/migrate.js';
import { createDatabase } from '../../../apps/local/src/create-database.js';

const DATABASE = 'perennial';

/** A PostgreSQL that writes through to the disk as in production, to be broken: it comes back at the same address. */
export class BreakablePostgres {
  private source: DataSource | null = null;

  private constructor(
    private readonly dataDir: string,
    private readonly settings: Readonly<Record<string, string>>,
    private running: RunningPostgres,
  ) {}

  /** With the schema in it. */
  static async start(dataDir: string, settings: Readonly<Record<string, string>>): Promise<BreakablePostgres> {
    const postgres = new BreakablePostgres(dataDir, settings, await startPostgres({ dataDir, settings }));
    await createDatabase(postgres.running.url('postgres'), DATABASE);
    await migrate(postgres.url);
    return postgres;
  }

  get url(): string {
    return this.running.url(DATABASE);
  }

  /** A few connections as the owner, which nobody strikes at: new ones after each crash. */
  async connection(): Promise<DataSource> {
    this.source ??= await this.connected();
    return this.source;
  }

  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.connection()).query<Row[]>(text, values);
  }

  /** SIGKILL to one connection's process: PostgreSQL ends all others and repairs itself. Answers whether there was one. */
  async killBackend(chosen: number): Promise<boolean> {
    const rows = await this.query<{ pid: number }>(`select pid from pg_stat_activity where application_name = 'perennial' order by pid`);
    const pid = rows[chosen % Math.max(rows.length, 1)]?.pid;
    if (pid === undefined || !this.isChild(pid)) return false;
    sendSignal(pid, 'SIGKILL');
    await this.disconnect();
    return true;
  }

  /** SIGKILL to the server itself; its children see that and end. After a while it is started again on the same data. */
  async kill(awayMs: number): Promise<void> {
    const { pid } = this.running;
    // The folder of its socket is that of this cell's data and of no other's.
    if (!commandLine(pid)?.includes(this.running.socketDir)) throw new Error(`The process ${pid} is not the PostgreSQL of this cell.`);
    sendSignal(pid, 'SIGKILL');
    await waitWhile(() => commandLine(pid) !== null, 10_000);
    await this.disconnect();
    await this.running.stop();
    await pause(awayMs);
    this.running = await startPostgres({ dataDir: this.dataDir, settings: this.settings });
  }

  /** With its data, which lie elsewhere when root runs it. */
  async discard(): Promise<void> {
    await this.disconnect();
    await this.running.stop();
    await discardPostgres(this.dataDir);
  }

  private isChild(pid: number): boolean {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(this.running.pid);
    } catch {
      return false;
    }
  }

  private async disconnect(): Promise<void> {
    await this.source?.destroy().catch(() => {});
    this.source = null;
  }

  /** While it repairs itself it refuses everybody. */
  private async connected(): Promise<DataSource> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await new DataSource({ type: 'postgres', url: this.url, poolErrorHandler: () => {}, extra: { max: 2 } }).initialize();
      } catch (error) {
        if (attempt === 200) throw error;
        await pause(50);
      }
    }
  }
}
