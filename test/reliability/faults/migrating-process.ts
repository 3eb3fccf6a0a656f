import { migrate } from '#migrations/migrate.js';

/** Migrates the database of its first argument, as a deployment does; says when it begins. Killed by the spec that starts it. */
process.send?.('begins');
await migrate(process.argv[2]!);
process.disconnect?.();
