import { assignNumbers } from '#event-sourcing/series.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Engine } from '#event-sourcing/testing/engine.js';
import { InvoiceIssued } from '#invoicing/invoice/invoice.events.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import { openAccount, publishPlan, subscribe } from './customer.js';
import { VariedEngine } from './variants.js';

let varied: VariedEngine;
let engine: Engine;
beforeEach(async () => {
  varied = await VariedEngine.start();
  engine = varied.engine;
});
afterEach(() => varied.stop());

type Assign = (sql: Sql, series: readonly string[]) => Promise<number[]>;

/** As the append does it. */
const fromTheCounter: Assign = async (sql, series) => {
  const events = series.map((name) => new InvoiceIssued({ series: name, number: '' } as never));
  await assignNumbers(
    sql,
    events.map((event) => ({ event, rule: engine.vocabulary.seriesOf(event)! })),
  );
  return events.map(({ data }) => Number(data.number.split('-').at(-1)));
};

/** The guard removed: a sequence of PostgreSQL waits for nobody, and gives back nothing. */
const fromASequence: Assign = async (sql, series) => {
  const numbers: number[] = [];
  for (const _ of series) numbers.push(Number((await sql.query<{ next: string }>(`select nextval('public.numbers') as next`))[0]!.next));
  return numbers;
};

/** The guard removed: counters are taken in the order in which they come. */
const inAnyOrder: Assign = async (sql, series) => {
  for (const name of series) {
    await sql.query(
      `insert into es.series as s (bucket, name, last) values ($1, $2, 1) on conflict (bucket, name) do update set last = s.last + 1`,
      [bucketOf(hashedId(name)), name],
    );
    await sql.query('select pg_sleep(0.05)');
  }
  return [];
};

/** Thirty transactions at once, every third of which is taken back after it had its numbers. */
async function billingDay(assign: Assign): Promise<number[]> {
  const kept: number[] = [];
  const bill = (index: number) =>
    engine.database.transaction(async (sql) => {
      const numbers = await assign(sql, ['INV-2026', 'INV-2026']);
      if (index % 3 === 0) throw new Error('taken back');
      return numbers;
    });
  for (const settled of await Promise.allSettled(Array.from({ length: 30 }, (_, index) => bill(index)))) {
    if (settled.status === 'fulfilled') kept.push(...settled.value);
  }
  return kept.sort((a, b) => a - b);
}

/** Pairs of transactions over two series, the one in the one order and the other in the other; answers what went wrong. */
async function crossing(assign: Assign): Promise<string[]> {
  const orders = [
    ['A-2026', 'B-2026'],
    ['B-2026', 'A-2026'],
  ];
  const settled = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => engine.database.transaction((sql) => assign(sql, orders[index % 2]!))),
  );
  return settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('Numbers that lock or jam on billing day (lago-api #1508, #1544, #4240)', () => {
  it('stay without gaps, though a third of all runs is taken back', async () => {
    expect(await billingDay(fromTheCounter)).toEqual(upTo(40));
  });

  it('have gaps when they come from a sequence, which shows why they do not', async () => {
    await varied.owner(`create sequence public.numbers; grant usage on sequence public.numbers to public`);
    expect(await billingDay(fromASequence)).not.toEqual(upTo(40));
  });

  it('never wait for each other in a circle', async () => {
    expect(await crossing(fromTheCounter)).toEqual([]);
  });

  it('do when the counters are taken in any order, which shows why they are sorted', async () => {
    expect(await crossing(inAnyOrder)).toEqual(expect.arrayContaining([expect.stringContaining('deadlock')]));
  });

  it('are given to all invoices of a day at once, in one run over many customers, and nothing is left for the next day', async () => {
    await publishPlan(engine);
    const buckets = upTo(12);
    for (const bucket of buckets) {
      for (let customer = 0; customer < 3; customer += 1) await subscribe(engine, await openAccount(engine, bucket), bucket);
    }
    engine.clock.set('2026-02-28T12:00:00Z');
    await Promise.all(buckets.map((bucket) => engine.timers.fireDue(bucket)));
    const numbers = await engine.rows<{ number: string }>('select number from invoicing.invoice_details order by number');
    expect(numbers.map(({ number }) => Number(number.split('-').at(-1)))).toEqual(upTo(72));
    expect(await engine.timers.bucketsWithWork()).toEqual([]);
  });
});
