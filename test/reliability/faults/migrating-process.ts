import { migrate } from '#migrations/migrate.js';

// Migrates the database of its first argument, as a deployment does.
await migrate(process.argv[2]!);
