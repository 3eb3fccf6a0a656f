import { inOrder, intoList, withImport } from '../edits.js';
import { type Name, nameFrom } from '../names.js';
import type { Addition, Project } from '../project.js';
import { historyIn } from './command.js';
import { migration } from './migration.js';

/** A table that follows the events of an aggregate: a row for each stream, from its first event on. */
export function readModel(project: Project, context: Name, aggregate: Name, name: Name): Addition {
  const src = `libs/${context.kebab}/src`;
  const folder = `${src}/read-models/${name.kebab}`;
  if (project.has(folder)) throw new Error(`There is a ${folder} already.`);
  const eventsFile = `${src}/${aggregate.kebab}/${aggregate.kebab}.events.ts`;
  const heard = eventsIn(project.read(eventsFile, `make it with npm run new -- aggregate ${context.kebab} ${aggregate.kebab}`), aggregate);
  const example = historyIn(project.read(`${src}/${aggregate.kebab}/${aggregate.kebab}.examples.ts`, 'the aggregate has no examples'));
  const table = `${context.snake}.${name.snake}`;
  const made = migration(
    project.nextMigration(),
    nameFrom(`${context.kebab}-${name.kebab}`, 'the migration'),
    `${table} follows the events of ${aggregate.words}.`,
    `
      create table ${table} (
        bucket smallint not null,
        id uuid not null,
        created_at timestamptz not null,
        version bigint not null,
        primary key (bucket, id)
      )`,
    `drop table ${table}`,
  );
  return {
    files: {
      ...made.files,
      [`${folder}/${name.kebab}.projection.ts`]: projection(aggregate, name, table, heard),
      [`${folder}/${name.kebab}.projection.spec.ts`]: spec(aggregate, name, table, heard[0]!, example),
    },
    edits: {
      ...made.edits,
      [`${src}/${context.kebab}.context.ts`]: inOrder(
        intoList('readModels', name.camel),
        withImport([name.camel], `./read-models/${name.kebab}/${name.kebab}.projection.js`),
      ),
    },
  };
}

function eventsIn(text: string, aggregate: Name): string[] {
  const list = new RegExp(`export const ${aggregate.camel}Events = \\[([^\\]]+)\\]`).exec(text)?.[1];
  if (!list) throw new Error(`${aggregate.camel}Events is not there: export the list of events under this name.`);
  return list
    .split(',')
    .map((event) => event.trim())
    .filter((event) => event !== '');
}

function projection(aggregate: Name, name: Name, table: string, [first, ...others]: readonly string[]): string {
  return `import { ${others.length > 0 ? 'ignored, ' : ''}insert, readModel } from '#event-sourcing/read-model.js';
import { ${aggregate.camel}Events } from '../../${aggregate.kebab}/${aggregate.kebab}.events.js';

/** One row for each ${aggregate.words}. */
export const ${name.camel} = readModel(${aggregate.camel}Events, {
  table: '${table}',
  tracksVersion: true,
  columns: { created_at: 'timestamptz' },
  on: {
    ${first}: (_event, { streamId, effectiveAt }) => insert(streamId, { created_at: effectiveAt }),
    ${others.map((event) => `${event}: ignored,`).join('\n')}
  },
});
`;
}

const spec = (aggregate: Name, name: Name, table: string, first: string, example: string): string => `import pg from 'pg';
import { statementsFor } from '#event-sourcing/row-changes.js';
import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { ${example} } from '../../${aggregate.kebab}/${aggregate.kebab}.examples.js';
import { ${name.camel} } from './${name.kebab}.projection.js';

const streamId = newId(7);
const effectiveAt = instant('2026-01-31T12:00:00Z');

const recorded = ${example}().map((event, index) => ({
  event,
  meta: {
    ...{ bucket: 7, streamType: '${aggregate.kebab}', streamId, version: index + 1, eventId: newId(7), position: BigInt(index + 1) },
    ...{ correlationId: 'spec', causationId: null, accountId: null, actor: 'spec', origin: null, effectiveAt },
  },
}));

describe('${table}', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('has a row from ${first} on', async () => {
    for (const { text, values } of statementsFor(${name.camel}, 7, recorded)) await client.query(text, [...values]);
    const { rows } = await client.query('select id, created_at, version from ${table}');
    expect(rows).toEqual([{ id: streamId, created_at: new Date(effectiveAt), version: String(recorded.length) }]);
  });
});
`;
