import { join } from 'node:path';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '#embedded/postgres.js';
import { migrate } from '#migrations/migrate.js';
import { makeRunFolder, removeAbandonedRuns, removeRunFolder } from './run-folder.js';

const TEMPLATE = 'perennial_template';

let running: { postgres: RunningPostgres; folder: string } | undefined;

/**
 * Starts the one PostgreSQL of a test run, in a new folder, with a migrated template database. What it tells the spec files is
 * in the environment of their processes: PERENNIAL_TEST_POSTGRES, the connection string of its database `postgres`, and
 * PERENNIAL_TEST_FOLDER, where they may make folders of their own.
 * A soak runs long enough to need what a server in production has: without statistics its plans go bad, and dead rows pile up.
 */
export async function startTestPostgres(settings: Readonly<Record<string, string>> = { autovacuum_naptime: '10s' }): Promise<void> {
  await removeAbandonedRuns();
  const folder = makeRunFolder();
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    fsync: false,
    settings: { max_connections: '200', shared_buffers: '128MB', full_page_writes: 'off', ...settings },
  });
  running = { postgres, folder };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stopTestPostgres().finally(() => process.exit(1)));

  await makeTemplate(postgres);
  Object.assign(process.env, { PERENNIAL_TEST_POSTGRES: postgres.url('postgres'), PERENNIAL_TEST_FOLDER: folder });
}

/** Of a server, what `createTestDatabase` copies. */
export async function makeTemplate(postgres: RunningPostgres): Promise<void> {
  await onServer(postgres.url('postgres'), `CREATE DATABASE ${TEMPLATE}`);
  await migrate(postgres.url(TEMPLATE));
  await onServer(postgres.url('postgres'), `ALTER DATABASE ${TEMPLATE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
}

export async function stopTestPostgres(): Promise<void> {
  if (!running) return;
  const { postgres, folder } = running;
  running = undefined;
  await postgres.stop();
  await removeRunFolder(folder);
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
