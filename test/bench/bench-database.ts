import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { discardPostgres } from '#embedded/discard.js';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { migrate } from '#migrations/migrate.js';
import { connectionOptions } from '#platform/database/connection.js';
import { createDatabase } from '../../apps/local/src/create-database.js';

/** A PostgreSQL of the bench's own, everything on as in production: fsync, full pages, checksums. */
export interface BenchServer {
  readonly postgres: RunningPostgres;
  /** A new, migrated database. */
  database(name: string): Promise<{ url: string; asApplication(poolSize: number): Promise<DataSource>; asOwner(): Promise<DataSource> }>;
  /** A new, empty database, for a peer. */
  emptyDatabase(name: string): Promise<string>;
  /** A connection that is closed with the server. */
  opened(options: DataSourceOptions): Promise<DataSource>;
  stop(): Promise<void>;
}

/** For a bench that says where PostgreSQL spends its time; it costs a few percent of it, and more where statements are nested. */
export const COUNTING_STATEMENTS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_planning': 'on',
} as const;

export async function startBenchServer(settings: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'perennial-bench-'));
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    settings: {
      shared_buffers: '2GB',
      max_wal_size: '8GB',
      checkpoint_timeout: '15min',
      max_connections: '100',
      ...settings,
    },
  });
  const open: DataSource[] = [];
  const opened = async (options: DataSourceOptions): Promise<DataSource> => {
    const source = await new DataSource(options).initialize();
    open.push(source);
    return source;
  };
  return {
    postgres,
    database: async (name) => {
      await createDatabase(postgres.url('postgres'), name);
      const url = postgres.url(name);
      await migrate(url);
      return {
        url,
        asApplication: (poolSize) => opened(connectionOptions(url, poolSize)),
        asOwner: () => opened({ type: 'postgres', url }),
      };
    },
    emptyDatabase: async (name) => {
      await createDatabase(postgres.url('postgres'), name);
      return postgres.url(name);
    },
    opened,
    stop: async () => {
      for (const source of open) await source.destroy();
      await postgres.stop();
      // As root the data lies elsewhere, behind a link.
      await discardPostgres(join(folder, 'postgres'));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
