import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** As the superuser, who owns everything. */
  readonly url: string;
  /** As another role, e.g. the application's, which may do less. */
  urlAs(role: string): string;
  drop(): Promise<void>;
}

/**
 * A migrated, empty database for one spec file: `beforeAll` makes it, `afterAll` drops it. Connections left open are cut by
 * `drop`; a spec that forgets to drop leaves no more than disk space, for the run's server goes as a whole.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.PERENNIAL_TEST_POSTGRES;
  if (!server) throw new Error('There is no PostgreSQL for the tests: run them through jest, whose global set-up starts it.');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE perennial_template STRATEGY file_copy`);
  const urlAs = (role: string) => server.replace('//postgres@', `//${encodeURIComponent(role)}@`).replace(/\/postgres$/, `/${name}`);
  return { url: urlAs('postgres'), urlAs, drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
