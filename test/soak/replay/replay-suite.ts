import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { rebuildReadModels } from '#event-sourcing/rebuild.js';
import type { Database } from '#event-sourcing/sql.js';
import { plusMonths } from '#kernel/calendar.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { cloneCustomers } from '../../bench/clones.js';
import { type Engine, engineOn } from '../../bench/engine.js';
import { SAMPLES } from '../../bench/grown-portfolio.js';
import { makePortfolio, publishPlan } from '../../bench/portfolio.js';
import { createTestDatabase } from '../../support/test-database.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';

const EVENTS_OF_THE_PLAN = 1;
const EVENTS_OF_A_CUSTOMER = 6;
const MONTHS = 12;
const EVENTS_OF_A_MONTH = 3;
const REPLAYS = 2;

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
    const { database, store, vocabulary } = engine;
    const models = vocabulary.readModels;
    if (options.control) for (const model of models) await loseARow(database, model);
    const served = await hashesOf(database, models);
    const startedMs = performance.now();
    const replayed: Hashed[][] = [];
    let told = 0;
    for (let time = 0; time < REPLAYS; time += 1) {
      const onProgress = ({ done, of }: { done: number; of: number }): void => {
        const now = Math.round((options.size * (time + done / of)) / REPLAYS);
        tally.advance(now - told);
        told = now;
      };
      await rebuildReadModels(database, store, models, { onProgress });
      replayed.push(await hashesOf(database, models));
    }
    const eventsPerSecond = Math.round((REPLAYS * events * 1_000) / (performance.now() - startedMs));
    let rows = 0;
    for (const [index, { table }] of models.entries()) {
      const [first, second] = replayed.map((hashes) => hashes[index]!.hash);
      const live = served[index]!;
      if (first !== second) tally.fail(`${table}: two replays of ${events} events give different rows.`);
      if (first !== live.hash) tally.fail(`${table}: its ${live.rows} rows are not what a replay of the log gives.`);
      tally.count(table, live.rows);
      rows += live.rows;
    }
    return tally.result({ events, rows, eventsPerSecond });
  } finally {
    await source.destroy();
    await testDatabase.drop();
  }
}

/**
 * Customers, and as many months of them as make that number of events or a little more; answers how many there are. The
 * commands make one customer in each bucket for a year; where that is not enough, the others are copies of them.
 */
async function makeHistory(engine: Engine, wanted: number): Promise<number> {
  await publishPlan(engine);
  const customers = Math.min(SAMPLES, Math.ceil(wanted / (EVENTS_OF_A_CUSTOMER + MONTHS * EVENTS_OF_A_MONTH)));
  await makePortfolio(engine, customers);
  let events = await eventsIn(engine.database);
  for (let month = 1; events < wanted && month <= MONTHS; month += 1) {
    engine.clock.current = plusMonths(instant('2026-01-02T00:00:00Z'), month, timeZone('UTC'));
    for (const bucket of await engine.timers.bucketsWithWork()) await engine.timers.fireDue(bucket);
    const before = events;
    events = await eventsIn(engine.database);
    if (events === before) throw new Error(`Nothing has fallen due in month ${month}.`);
  }
  if (events >= wanted) return events;
  const ofCustomer = (events - EVENTS_OF_THE_PLAN) / customers;
  await cloneCustomers(engine.database.dataSource, Math.ceil(wanted / ofCustomer));
  return eventsIn(engine.database);
}

async function eventsIn(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>('select count(*) from es.event');
  return Number(row!.count);
}

interface Hashed {
  readonly hash: string;
  readonly rows: number;
}

/** Of all rows of each table, every column, in the order of their keys. */
async function hashesOf(database: Database, models: readonly ReadModel[]): Promise<Hashed[]> {
  const hashes: Hashed[] = [];
  for (const { table } of models) {
    const buckets = await database.query<{ rows: number; hash: string }>(
      `select count(*)::integer as rows, encode(sha256(convert_to(string_agg(t::text, e'\\n' order by id), 'UTF8')), 'hex') as hash
         from ${table} t group by bucket order by bucket`,
    );
    const hash = createHash('sha256');
    for (const bucket of buckets) hash.update(bucket.hash);
    hashes.push({ hash: hash.digest('hex'), rows: buckets.reduce((sum, { rows }) => sum + rows, 0) });
  }
  return hashes;
}

/** The control: a table as a projection leaves it that has missed an event. */
async function loseARow(database: Database, { table }: ReadModel): Promise<void> {
  await database.query(`delete from ${table} where (bucket, id) in (select bucket, id from ${table} limit 1)`);
}
