import { DataSource } from 'typeorm';
import { grantToApplication } from './grants.js';
import { migrations } from './migrations.js';

/** Two processes that migrate the same database wait for each other here; the number is arbitrary. */
const MIGRATION_LOCK = 7_330_219;

/** Brings a database up to date, as its owner. Answers the names of the migrations that were run. */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const dataSource = await new DataSource({ type: 'postgres', url: ownerUrl, migrations, migrationsTransactionMode: 'each' }).initialize();
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const run = await dataSource.runMigrations();
    await grantToApplication(dataSource);
    return run.map(({ name }) => name);
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
    await dataSource.destroy();
  }
}
