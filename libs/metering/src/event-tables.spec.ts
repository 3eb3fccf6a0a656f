import pg from 'pg';
import { Engine } from '#event-sourcing/testing/engine.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { keepEventTables } from './event-tables.js';

let testDatabase: TestDatabase;
let engine: Engine;
// A test takes and drops what the others would find.
beforeEach(async () => {
  testDatabase = await createTestDatabase();
  engine = await Engine.start({ url: testDatabase.url, contexts: [], connections: 6 });
});
afterEach(async () => {
  await engine.close();
  await testDatabase.drop();
});

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

const halfYear = (monthsAgo: number): { name: string; from: string; to: string } => {
  const now = new Date();
  const first = Math.floor((now.getUTCFullYear() * 12 + now.getUTCMonth() - monthsAgo) / 6) * 6;
  const from = new Date(Date.UTC(Math.floor(first / 12), first % 12, 1)).toISOString();
  return { name: `event_${from.slice(0, 4)}_h${first % 12 === 0 ? 1 : 2}`, from, to: endOf(from) };
};
const endOf = (from: string): string => {
  const start = new Date(from);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 6, 1)).toISOString();
};
/** As it was made when that half-year was to come, with an event that came in as it began. */
async function aPartOf(monthsAgo: number): Promise<string> {
  const { name, from, to } = halfYear(monthsAgo);
  await asOwner(`create table if not exists metering.${name} partition of metering.event for values from ('${from}') to ('${to}')`);
  await asOwner(
    `insert into metering.event (bucket, subscription_id, idempotency_key, metric, quantity, at, properties, received_at)
     values (7, gen_random_uuid(), 'k', 'calls', 1, '${from}', '{}', '${from}')`,
  );
  return name;
}
const partsThere = async () =>
  (
    await engine.rows<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'metering.event'::regclass`,
    )
  ).map(({ name }) => name.replace('metering.', ''));

describe('The tables of usage events', () => {
  it('are there from the start for what comes in during more than a year', async () => {
    const there = await partsThere();
    for (const ahead of [0, 6, 12]) expect(there).toContain(halfYear(-ahead).name);
    expect(await keepEventTables(engine.database, 25)).toEqual([]);
  });

  it('are made again ahead of time, each with an index that keeps a key single', async () => {
    const { name } = halfYear(-12);
    await asOwner(`drop table metering.${name}`);
    expect(await keepEventTables(engine.database, 25)).toEqual([{ change: 'added', name }]);
    const indexes = await engine.rows<{ indexdef: string }>('select indexdef from pg_indexes where tablename = $1', [name]);
    expect(indexes).toEqual([{ indexdef: expect.stringMatching(/^CREATE UNIQUE INDEX .*\(bucket, subscription_id, idempotency_key\)$/) }]);
  });

  it('are dropped once all that is in them is older than it is kept, and not before', async () => {
    const [old, recent] = [await aPartOf(25 + 6), await aPartOf(24)];
    expect(await keepEventTables(engine.database, 25)).toEqual([{ change: 'dropped', name: old }]);
    expect(await partsThere()).toEqual(expect.arrayContaining([recent]));
    expect(await partsThere()).not.toContain(old);
  });

  it('are kept while a key in them is remembered, however short the retention', async () => {
    const [old, remembered] = [await aPartOf(14 + 6), await aPartOf(12)];
    expect(await keepEventTables(engine.database, 0)).toEqual([{ change: 'dropped', name: old }]);
    expect(await partsThere()).toContain(remembered);
  });

  it('are seen to by one worker at a time', async () => {
    await aPartOf(40);
    const all = await Promise.all(Array.from({ length: 4 }, () => keepEventTables(engine.database, 25)));
    expect(all.flat()).toHaveLength(1);
  });
});
