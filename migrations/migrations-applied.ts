import type { DataSource } from 'typeorm';
import { migrations } from './migrations.js';

/** Ready when every migration that this version knows has run; serving processes never run them. */
export function migrationsApplied(dataSource: DataSource) {
  return {
    name: 'migrations',
    waitingFor: async (): Promise<string | null> => {
      const rows: { name: string }[] = await dataSource.query('select name from public.migrations');
      const run = new Set(rows.map(({ name }) => name));
      return migrations.every(({ name }) => run.has(name)) ? null : 'Migrations are pending: run the migration step.';
    },
  };
}
