import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { rebuildReadModel } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { plusMonths } from '#kernel/calendar.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { type Engine, engineOn } from '../../bench/engine.js';
import { makePortfolio, publishPlan } from '../../bench/portfolio.js';
import { createTestDatabase } from '../../support/test-database.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';

const EVENTS_OF_A_CUSTOMER = 6;
const MONTHS = 12;
const EVENTS_OF_A_MONTH = 3;

/** One trial is an event of the log. The replay must give the same rows every time, and those that the commands have written. */
export async function runReplaySuite(
  options: SuiteOptions,
): Promise<SuiteResult & { readonly rows: number; readonly eventsPerSecond: number }> {
  const tally = new Tally('replay', options);
  const testDatabase = await createTestDatabase();
  const source = await new DataSource({ type: 'postgres', url: testDatabase.url, extra: { max: 8 } }).initialize();
  try {
    const engine = engineOn(source);
    const events = await makeHistory(engine, options.size);
    const buckets = await bucketsOf(engine.database);
    const models = engine.vocabulary.declared().flatMap(({ readModels }) => readModels ?? []);
    let rows = 0;
    let replayed = 0;
    const startedMs = performance.now();
    for (const model of models) {
      if (options.control) await forgetAnEvent(engine.database, model);
      const live = await hashOf(engine.database, model, buckets);
      const hashes: string[] = [];
      for (let time = 0; time < 2; time += 1) {
        await rebuildReadModel(engine.database, engine.store, model, { buckets });
        hashes.push((await hashOf(engine.database, model, buckets)).hash);
        replayed += events;
      }
      if (hashes[0] !== hashes[1]) tally.fail(`${model.table}: two replays of ${events} events give different rows.`);
      if (hashes[0] !== live.hash) tally.fail(`${model.table}: its ${live.rows} rows are not what a replay of the log gives.`);
      tally.count(model.table, live.rows);
      rows += live.rows;
      tally.advance(Math.round(options.size / models.length));
    }
    return tally.result({ events, rows, eventsPerSecond: Math.round((replayed * 1_000) / (performance.now() - startedMs)) });
  } finally {
    await source.destroy();
    await testDatabase.drop();
  }
}

/** Customers, and as many months of them as make that number of events or a little more; answers how many there are. */
async function makeHistory(engine: Engine, wanted: number): Promise<number> {
  await publishPlan(engine);
  await makePortfolio(engine, Math.ceil(wanted / (EVENTS_OF_A_CUSTOMER + MONTHS * EVENTS_OF_A_MONTH)));
  let events = await eventsIn(engine.database);
  for (let month = 1; events < wanted; month += 1) {
    engine.clock.current = plusMonths(instant('2026-01-02T00:00:00Z'), month, timeZone('UTC'));
    for (const bucket of await engine.timers.bucketsWithWork()) await engine.timers.fireDue(bucket);
    const before = events;
    events = await eventsIn(engine.database);
    if (events === before) throw new Error(`Nothing has fallen due in month ${month}.`);
  }
  return events;
}

async function eventsIn(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>('select count(*) from es.event');
  return Number(row!.count);
}

async function bucketsOf(database: Database): Promise<number[]> {
  const rows = await database.query<{ bucket: number }>('select distinct bucket from es.event order by bucket');
  return rows.map(({ bucket }) => bucket);
}

/** Of all rows in the order of their keys, bucket by bucket so that it fits in memory. */
async function hashOf(database: Database, { table }: ReadModel, buckets: readonly number[]): Promise<{ hash: string; rows: number }> {
  const hash = createHash('sha256');
  let rows = 0;
  for (const bucket of buckets) {
    const found = await database.query<{ row: string }>(`select t::text as row from ${table} t where bucket = $1::smallint order by id`, [
      bucket,
    ]);
    for (const { row } of found) hash.update(row).update('\n');
    rows += found.length;
  }
  return { hash: hash.digest('hex'), rows };
}

/** The control: as a projection would leave its table that has missed the last event of a row. */
async function forgetAnEvent(database: Database, { table }: ReadModel): Promise<void> {
  await database.query(`delete from ${table} where (bucket, id) in (select bucket, id from ${table} limit 1)`);
}
