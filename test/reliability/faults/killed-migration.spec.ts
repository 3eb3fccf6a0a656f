import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { migrations } from '#migrations/migrations.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { lockWaiters } from './lock-waiters.js';

const loader = join(import.meta.dirname, '../../support/source-loader.js');
const program = join(import.meta.dirname, 'migrating-process.ts');
const ofOthers = (schema: string) =>
  `${schema} in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)`;

/** Schemas, columns, constraints, indexes, functions and triggers that the migrations make, with the rights to them. */
const SCHEMA = `
  select 'schema' as kind, '' as of, nspname::text as name, nspacl::text as is from pg_namespace where nspname !~ '^pg_|^information'
  union all select 'column', a.attrelid::regclass::text, a.attname,
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), c.relacl::text, a.attacl::text, c.reloptions::text, pg_get_expr(c.relpartbound, c.oid))
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and not ${ofOthers('c.relnamespace')}
  union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint where not ${ofOthers('connamespace')}
  union all select 'index', i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid where not ${ofOthers('c.relnamespace')}
  union all select 'function', pronamespace::regnamespace::text, proname, concat_ws(' ', pg_get_functiondef(oid), proacl::text)
    from pg_proc where prokind = 'f' and not ${ofOthers('pronamespace')}
  union all select 'trigger', tgrelid::regclass::text, tgname, concat_ws(' ', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
  union all select 'migration', '', name, '' from public.migrations
  order by 1, 2, 3, 4`;

describe('A migration that is killed', () => {
  const server = new pg.Client({ connectionString: process.env.PERENNIAL_TEST_POSTGRES });
  let whole: TestDatabase;

  beforeAll(async () => {
    await server.connect();
    whole = await createTestDatabase();
  });
  afterAll(async () => {
    await whole.drop();
    await server.end();
  });

  it.each(['es', 'accounts', 'invoicing', 'platform'])(
    'while it makes the schema %s is finished by the next one, as if nothing had happened',
    async (schema) => {
      await inNewDatabase(async (url, outsider) => {
        await outsider.query(`begin; create schema ${schema}`);
        const killed = migrating(url);
        await waitingFor(outsider, killed);
        killed.child.kill('SIGKILL');
        expect(await killed.ended).toBeNull();
        await outsider.query('rollback');
        expect(await migrating(url).ended).toBe(0);
        expect(await schemaOf(outsider)).toEqual(await schemaOfWhole());
      });
    },
  );

  it('and two at once do it one after the other', async () => {
    await inNewDatabase(async (url, outsider) => {
      expect(await Promise.all([migrating(url).ended, migrating(url).ended])).toEqual([0, 0]);
      expect(await schemaOf(outsider)).toEqual(await schemaOfWhole());
    });
  });

  async function inNewDatabase(work: (url: string, outsider: pg.Client) => Promise<void>): Promise<void> {
    const name = `migrated_${randomUUID().replaceAll('-', '')}`;
    await server.query(`create database ${name}`);
    const url = process.env.PERENNIAL_TEST_POSTGRES!.replace(/\/postgres$/, `/${name}`);
    try {
      await connectedTo(url, (outsider) => work(url, outsider));
    } finally {
      await server.query(`drop database ${name} with (force)`);
    }
  }

  const schemaOfWhole = () => connectedTo(whole.url, schemaOf);
});

interface Migrating {
  readonly child: ChildProcess;
  /** Its exit code: 0 once it is done, null when it was killed. */
  readonly ended: Promise<number | null>;
}

function migrating(url: string): Migrating {
  const child = spawn(process.execPath, ['--import', loader, program, url], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { child, ended: once(child, 'exit').then(([code]) => code) };
}

/** Until it stands where the outsider has got in its way. */
async function waitingFor(outsider: pg.Client, { child }: Migrating): Promise<void> {
  while ((await lockWaiters(outsider)) === 0) {
    if (child.exitCode !== null) throw new Error('The migration ended without waiting for anything.');
    await pause(10);
  }
}

async function connectedTo<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function schemaOf(client: pg.Client): Promise<object[]> {
  const { rows } = await client.query(SCHEMA);
  expect(rows.filter(({ kind }) => kind === 'migration')).toHaveLength(migrations.length);
  return rows;
}
