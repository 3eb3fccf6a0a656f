import { DataSource } from 'typeorm';
import { EventStore } from '#event-sourcing/event-store.js';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { rebuildReadModels } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { knownWord, readArguments, UsageError } from '../../usage.js';
import type { CliCommand } from './cli-command.js';
import { openPlace } from './place.js';
import { progressBar } from './verify/progress.js';
import { wholeVocabulary } from './vocabulary.js';

export const rebuildCommand: CliCommand = {
  name: 'rebuild',
  description: 'Builds read models anew from the log, beside the serving processes.',
  usage: [
    '  rebuild TABLE …   with their schemas, as invoicing.invoice_details; one pass over the log for all of them',
    '  rebuild --all     every read model',
    '  --database URL    as the owner of the schema; default DATABASE_OWNER_URL, DATABASE_URL, or the local one',
  ].join('\n'),
  async run(args) {
    const options = { database: { type: 'string' }, all: { type: 'boolean', default: false } } as const;
    const { values, positionals } = readArguments(args, options, { words: true });
    const vocabulary = wholeVocabulary();
    const models = wanted(vocabulary.readModels, positionals, values.all);
    const place = await openPlace(values.database, process.env);
    const owner = await new DataSource({ type: 'postgres', url: place.ownerUrl, extra: { pipeline: true } }).initialize();
    const bar = progressBar(process.stderr);
    const names = models.map(({ table }) => table).join(', ');
    try {
      let read = 0;
      await rebuildReadModels(new Database(owner), new EventStore(vocabulary, place.accountKeys()), models, {
        onProgress: ({ done, of, events }) => {
          read = events;
          bar.at(values.all ? 'every read model' : names, done / of);
        },
      });
      bar.clear();
      process.stdout.write(`${names} ${models.length === 1 ? 'is' : 'are'} rebuilt from ${read.toLocaleString('en')} events.\n`);
      return 0;
    } finally {
      await owner.destroy();
      await place.close();
    }
  },
};

function wanted(known: readonly ReadModel[], tables: readonly string[], all: boolean): readonly ReadModel[] {
  if (all && tables.length === 0) return known;
  const names = known.map(({ table }) => table);
  if (all) throw new UsageError('--all is every read model: name none beside it.');
  if (tables.length === 0) throw new UsageError(`Which read model? There are: ${names.join(', ')}; --all is every one.`);
  const wanted = tables.map((table) => knownWord('read model', table, names));
  return known.filter(({ table }) => wanted.includes(table));
}
