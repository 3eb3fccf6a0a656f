import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { migrations } from '#migrations/migrations.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

const loader = join(import.meta.dirname, '../../support/source-loader.js');
const program = join(import.meta.dirname, 'migrating-process.ts');

/** All that a migration makes: columns, constraints, indexes, functions, triggers, and who may do what with them. */
const SCHEMA = `
  select 'column' as kind, a.attrelid::regclass::text as of, a.attname::text as name,
         concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), c.relacl::text, c.reloptions::text) as is
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attnum > 0 and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
  union all select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  union all select 'function', pronamespace::regnamespace::text, proname, pg_get_functiondef(oid) || coalesce(proacl::text, '')
    from pg_proc where prokind = 'f' and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
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

  it.each([0, 2, 4, 6])('after %i steps is finished by the next one, as if nothing had happened', async (steps) => {
    await inNewDatabase(async (url) => {
      const { child, ended } = await migrating(url);
      const watcher = await connected(url);
      while ((await stepsDone(watcher)) < steps) await pause(1);
      child.kill('SIGKILL');
      expect(await ended).toBeNull();
      expect(await stepsDone(watcher)).toBeLessThan(migrations.length);
      await watcher.end();
      // The connections of the dead may live on for a moment, and hold what they had locked.
      expect(await (await migrating(url)).ended).toBe(0);
      expect(await schemaOf(url)).toEqual(await schemaOf(whole.url));
    });
  });

  it('and two at once do it one after the other', async () => {
    await inNewDatabase(async (url) => {
      const both = await Promise.all([migrating(url), migrating(url)]);
      expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
      expect(await schemaOf(url)).toEqual(await schemaOf(whole.url));
    });
  });

  async function inNewDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
    const name = `migrated_${randomUUID().replaceAll('-', '')}`;
    await server.query(`create database ${name}`);
    try {
      return await work(process.env.PERENNIAL_TEST_POSTGRES!.replace(/\/postgres$/, `/${name}`));
    } finally {
      await server.query(`drop database ${name} with (force)`);
    }
  }
});

/** A process that is about to migrate. It ends with 0 when it is done. */
async function migrating(url: string) {
  const child = spawn(process.execPath, ['--import', loader, program, url], {
    env: { PATH: process.env.PATH, NODE_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  await Promise.race([once(child, 'message'), ended]);
  return { child, ended };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function stepsDone(client: pg.Client): Promise<number> {
  const { rows } = await client.query("select to_regclass('public.migrations') is not null as begun");
  return rows[0].begun ? (await client.query('select count(*)::integer as done from public.migrations')).rows[0].done : 0;
}

async function schemaOf(url: string): Promise<object[]> {
  const client = await connected(url);
  try {
    expect(await stepsDone(client)).toBe(migrations.length);
    return (await client.query(SCHEMA)).rows;
  } finally {
    await client.end();
  }
}
