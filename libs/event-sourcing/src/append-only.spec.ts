import { DataSource, type QueryRunner } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { OpenJar } from './testing/jars.js';

const tables = ['es.event', ...Array.from({ length: 8 }, (_, part) => `es.event_${part}`)];
const attempts = tables.flatMap((table) =>
  [`update ${table} set actor = 'someone else'`, `delete from ${table}`, `truncate ${table}`].map((statement) => [statement] as const),
);

describe('the log is append-only', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext], connections: 4 });
    // Buckets enough that each partition holds rows: a row trigger says nothing where there is no row.
    for (let bucket = 0; bucket < 64; bucket += 1) await engine.send(OpenJar, { jarId: newId<'jar'>(bucket) });
    for (const table of tables) expect((await engine.rows(`select 1 from ${table}`)).length).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  /** What a statement answers, in a transaction that is taken back in any case. */
  async function tried(dataSource: DataSource, ...statements: string[]): Promise<string> {
    const runner: QueryRunner = dataSource.createQueryRunner();
    await runner.connect();
    try {
      await runner.query('begin');
      for (const statement of statements) await runner.query(statement);
      return 'done';
    } catch (error) {
      return `${(error as { code: string }).code} ${(error as Error).message}`;
    } finally {
      await runner.query('rollback');
      await runner.release();
    }
  }

  it.each(attempts)("refuses %s to the application's role, which has no right to", async (statement) => {
    expect(await tried(engine.dataSource, statement)).toMatch(/^42501 permission denied/);
  });

  it.each(attempts)('refuses %s to the owner, by triggers', async (statement) => {
    expect(await tried(owner, statement)).toMatch(/^ES403 .* is refused: the log is append-only/);
  });

  it.each(attempts)('refuses %s to the owner in replication mode, which switches off ordinary triggers', async (statement) => {
    expect(await tried(owner, 'set local session_replication_role = replica', statement)).toMatch(/^ES403/);
  });

  it('would let these statements through without the triggers', async () => {
    const switchedOff = tables.map((table) => `alter table ${table} disable trigger all`);
    for (const [statement] of attempts) expect(await tried(owner, ...switchedOff, statement)).toBe('done');
  });

  it.each(tables)("refuses an insert into %s past the append to the application's role", async (table) => {
    expect(await tried(engine.dataSource, `insert into ${table} select * from ${table} limit 1`)).toMatch(/^42501 permission denied/);
  });

  it("keeps the application's role from switching the guards off", async () => {
    for (const statement of [
      'alter table es.event_0 disable trigger all',
      'drop table es.event_0',
      'alter table es.event detach partition es.event_0',
      'set session_replication_role = replica',
      `create or replace function es.refuse_change() returns trigger language plpgsql as 'begin return new; end'`,
    ]) {
      expect(await tried(engine.dataSource, statement)).toMatch(/^42501/);
    }
  });

  it('lets the rows of the buckets be locked, never changed', async () => {
    expect(await tried(engine.dataSource, 'select 1 from es.bucket where bucket = 7 for update')).toBe('done');
    for (const dataSource of [engine.dataSource, owner]) {
      for (const statement of ['update es.bucket set bucket = bucket where bucket = 7', 'delete from es.bucket where bucket = 7']) {
        expect(await tried(dataSource, statement)).toMatch(/^(ES403|42501)/);
      }
    }
  });
});
