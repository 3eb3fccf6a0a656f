import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { EventStore } from '#event-sourcing/event-store.js';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { rebuildReadModels } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { type CliCommand, UsageError } from './cli-command.js';
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
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { database: { type: 'string' }, all: { type: 'boolean', default: false } },
    });
    const vocabulary = wholeVocabulary();
    const models = wanted(vocabulary.readModels, positionals, values.all);
    const place = await openPlace(values.database, process.env);
    const owner = await new DataSource({ type: 'postgres', url: place.ownerUrl, extra: { pipeline: true } }).initialize();
    const bar = progressBar(process.stderr);
    const names = models.map(({ table }) => table).join(', ');
    try {
      let read = 0;
      await rebuildReadModels(new Database(owner), new EventStore(vocabulary), models, {
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
  const models = known.filter(({ table }) => tables.includes(table));
  if (all || tables.length === 0 || models.length < new Set(tables).size) {
    throw new UsageError(`Which read model? There are ${known.map(({ table }) => table).join(', ')}.`);
  }
  return models;
}
