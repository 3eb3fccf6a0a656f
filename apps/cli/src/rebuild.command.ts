import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { EventStore } from '#event-sourcing/event-store.js';
import { rebuildReadModel } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { BUCKETS } from '#kernel/ids.js';
import { type CliCommand, UsageError } from './cli-command.js';
import { openPlace } from './place.js';
import { progressBar } from './verify/progress.js';
import { wholeVocabulary } from './vocabulary.js';

export const rebuildCommand: CliCommand = {
  name: 'rebuild',
  description: 'Builds a read model anew from the log, beside the serving processes.',
  usage: [
    '  rebuild TABLE     with its schema, as invoicing.invoice_details',
    '  --database URL    as the owner of the schema; default DATABASE_OWNER_URL, DATABASE_URL, or the local one',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { database: { type: 'string' } } });
    const vocabulary = wholeVocabulary();
    const model = vocabulary.readModels.find(({ table }) => table === positionals[0]);
    if (!model) throw new UsageError(`Which read model? There are ${vocabulary.readModels.map(({ table }) => table).join(', ')}.`);
    const place = await openPlace(values.database, process.env);
    const owner = await new DataSource({ type: 'postgres', url: place.ownerUrl }).initialize();
    const bar = progressBar(process.stderr);
    try {
      let read = 0;
      await rebuildReadModel(new Database(owner), new EventStore(vocabulary), model, {
        onProgress: ({ bucket, events }) => {
          read = events;
          bar.at(model.table, (bucket + 1) / BUCKETS);
        },
      });
      bar.clear();
      process.stdout.write(`${model.table} is rebuilt from ${read.toLocaleString('en')} events.\n`);
      return 0;
    } finally {
      await owner.destroy();
      await place.close();
    }
  },
};
