import { bucketOf, derivedId } from '#kernel/ids.js';
import { type AnyCommand } from '../command.js';
import type { EventContext } from '../domain-event.js';
import { enqueue, schedule, unschedule, whenever } from '../reaction.js';
import { ignored, increment, insert, readModel, remove, update } from '../read-model.js';
import { numberedBy } from '../series.js';
import { timer } from '../timer.js';
import type { ContextDefinition } from '../vocabulary.js';
import { BeadsAdded, JarOpened, JarSealed, jarDecider, jarEvents, ShelveJar, SpoilJar, shelfDecider, shelfOf, TakeNote } from './jars.js';

export const JAR_TABLES = `
  create schema jars;
  create table jars.jar_details (
    bucket smallint not null, id uuid not null, label text not null, beads integer not null, number text not null,
    version bigint not null, primary key (bucket, id));
  create table jars.seal (
    bucket smallint not null, id uuid not null, number text not null, primary key (bucket, id), unique (bucket, number));
  create table jars.seen (bucket smallint not null, pos bigint not null, reader text not null);
  grant usage on schema jars to perennial_app;
  grant select, insert, update, delete on all tables in schema jars to perennial_app`;

export const jarDetails = readModel(jarEvents, {
  table: 'jars.jar_details',
  columns: { label: 'text', beads: 'integer', number: 'text' },
  tracksVersion: true,
  on: {
    JarOpened: ({ data }) => insert(data.jarId, { label: data.label, beads: 0, number: '' }),
    BeadsAdded: ({ data }) => increment(data.jarId, { beads: data.count }),
    JarSealed: ({ data }) => update(data.jarId, { number: data.number }),
    JarSpoiled: ignored,
    JarBroken: ({ data }) => remove(data.jarId),
  },
});

/** Its unique number is what a poisoned write stumbles over. */
export const seals = readModel([JarSealed], {
  table: 'jars.seal',
  columns: { number: 'text' },
  on: { JarSealed: ({ data }) => insert(derivedId(data.jarId, 'seal'), { number: data.number }) },
});

/** What the reaction `noteSealElsewhere` stumbles over, until it is repaired. */
export const cracked = { labels: new Set<string>() };

const spoil = timer('spoil', SpoilJar, { bills: false });

export const jarsContext: ContextDefinition = {
  name: 'jars',
  deciders: [jarDecider, shelfDecider],
  readModels: [jarDetails, seals],
  series: [
    numberedBy(JarSealed, {
      shownIn: [jarDetails, seals],
      seriesOf: ({ data }) => data.series,
      assign: ({ data }, number) => {
        data.number = `${data.series}-${number}`;
      },
    }),
  ],
  timers: [spoil],
  reactions: {
    shelveJarWhenOpened: whenever([JarOpened], 'with', ({ data }) => [
      new ShelveJar({ jarId: data.jarId, shelfId: shelfOf(bucketOf(data.jarId)) }),
    ]),
    spoilJarWhenTimeComes: whenever([JarOpened, BeadsAdded], 'with', ({ data }) =>
      data.spoilsAt ? [schedule(spoil, data.jarId, data.spoilsAt, { jarId: data.jarId })] : [],
    ),
    keepJarWhenSealed: whenever([JarSealed], 'with', ({ data }) => [
      unschedule(spoil, data.jarId),
      enqueue('label', derivedId(data.jarId, 'label'), { jarId: data.jarId }),
    ]),
    noteSealElsewhere: whenever([JarOpened], 'after', ({ data }, meta): AnyCommand[] => notesOn(data, meta)),
  },
};

/** Two notes in the next bucket, so that a repetition of one, or of both, would show. */
function notesOn({ label, jarId }: JarOpened['data'], { bucket }: EventContext): AnyCommand[] {
  if (cracked.labels.has(label)) throw new Error(`The jar labelled ${label} is cracked.`);
  if (!label.startsWith('noted')) return [];
  const shelfId = shelfOf((bucket + 1) % 256);
  return ['first', 'second'].map((note) => new TakeNote({ shelfId, note: `${note} ${jarId}` }));
}
