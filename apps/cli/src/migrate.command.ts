import { migrate } from '#migrations/migrate.js';
import { readArguments } from '../../usage.js';
import type { CliCommand } from './cli-command.js';
import { databaseUrl, openPlace } from './place.js';

export const migrateCommand: CliCommand = {
  name: 'migrate',
  description: 'Brings a database up to date. Run it before new code serves.',
  usage: '  --database URL   as the owner of the schema; default DATABASE_OWNER_URL, DATABASE_URL, or the local one',
  async run(args) {
    const { values } = readArguments(args, { database: { type: 'string' } });
    const url = databaseUrl(values.database, process.env.DATABASE_OWNER_URL || process.env.DATABASE_URL);
    const run = url ? await migrate(url) : await migrateLocal();
    process.stdout.write(run.length === 0 ? 'The database is up to date.\n' : `Done: ${run.join(', ')}\n`);
    return 0;
  },
};

async function migrateLocal(): Promise<string[]> {
  const place = await openPlace(undefined, process.env);
  try {
    return await migrate(place.ownerUrl);
  } finally {
    await place.close();
  }
}
