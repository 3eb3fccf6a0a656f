import { parseArgs } from 'node:util';
import { EraseAccount } from '#accounts/contract.js';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { type AccountId, id, newId } from '#kernel/ids.js';
import { UsageError } from '../../usage.js';
import type { CliCommand } from './cli-command.js';
import { openPlace } from './place.js';
import { wholeVocabulary } from './vocabulary.js';

export const eraseCommand: CliCommand = {
  name: 'erase',
  description: 'Erases the person behind a closed account, for good',
  usage:
    '  erase ACCOUNT --reason TEXT\n  --database URL   default DATABASE_URL, or the local one; needs the PERENNIAL_MASTER_KEY of the serving processes',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { reason: { type: 'string' }, database: { type: 'string' } },
    });
    const [account] = positionals;
    if (!account) throw new UsageError('Which account?');
    if (!values.reason) throw new UsageError('Say why, with --reason.');
    const accountId: AccountId = id(account);
    const place = await openPlace(values.database, process.env);
    try {
      const vocabulary = wholeVocabulary();
      const keys = place.accountKeys();
      // The gateway's customer is deleted by a worker, which finds the job by itself.
      const executor = new CommandExecutor(place.database, new EventStore(vocabulary, keys), vocabulary, new Clock(), new Doorbell(), keys);
      const meta = { actor: 'cli', correlationId: newId() };
      const { events } = await executor.execute(new EraseAccount({ accountId, reason: values.reason }, meta));
      process.stdout.write(events.length > 0 ? `${accountId} is erased.\n` : `${accountId} was erased before.\n`);
      return 0;
    } finally {
      await place.close();
    }
  },
};
