import { parseArgs } from 'node:util';
import type { CliCommand } from './cli-command.js';
import { openPlace } from './place.js';

const AT_ONCE = 500;

export const rotateMasterKeyCommand: CliCommand = {
  name: 'rotate-master-key',
  description: 'Wraps the keys of all accounts with the first master key, so that the second one is no longer needed',
  usage:
    '  PERENNIAL_MASTER_KEY=NEW,OLD, as the serving processes have it already; afterwards NEW is enough for them\n' +
    '  --database URL   default DATABASE_URL, or the local one',
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { database: { type: 'string' } } });
    const place = await openPlace(values.database, process.env);
    try {
      const keys = place.accountKeys();
      let rewrapped = 0;
      for (let done = -1; done !== 0; rewrapped += done) done = await place.database.transaction((sql) => keys.rewrap(sql, AT_ONCE));
      process.stdout.write(`${rewrapped} keys are wrapped anew.\n`);
      return 0;
    } finally {
      await place.close();
    }
  },
};
