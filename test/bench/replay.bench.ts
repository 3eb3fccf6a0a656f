import type { EventStore } from '#event-sourcing/event-store.js';
import { rebuildReadModels } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { BUCKETS } from '#kernel/ids.js';
import { startBenchServer } from './bench-database.js';
import { type GrownPortfolio, grownPortfolio, SAMPLES } from './grown-portfolio.js';
import { full, rounds, size } from './options.js';
import { median, print, progress, seconds } from './report.js';

const GOAL = 0.3;
const HISTORY = 12;
/** What a replay reads at once. */
const PAGE = 1_000;
/** Buckets at a time, on both sides. */
const LANES = 4;

/**
 * P6: all events into all read models, as `rebuild` does it, against reading the same events without projecting them,
 * both in one pass. `BENCH_SIZE` is the number of events.
 */
export async function replay(): Promise<void> {
  const wanted = size(full() ? 1_000_000 : 200_000);
  const server = await startBenchServer();
  try {
    const portfolio = await portfolioOf(wanted, (name, subscriptions) => grownPortfolio(server, name, subscriptions, HISTORY));
    const { engine, url } = portfolio;
    // As the command `rebuild` connects.
    const owner = await server.opened({ type: 'postgres', url, extra: { pipeline: true } });
    const database = new Database(owner);
    const { readModels } = engine.vocabulary;
    const events = await eventsIn(portfolio);
    const reads: number[] = [];
    const rebuilds: number[] = [];
    // The first round fills the caches and does not count.
    for (let round = 0; round <= rounds(); round += 1) {
      const read = await seconds(() => readAll(database, engine.store));
      const rebuilt = await seconds(() => rebuildReadModels(database, engine.store, readModels, { lanes: LANES }));
      await owner.query('vacuum');
      progress(
        `  round ${round}: read ${Math.round(events / read)} events/s, rebuilt ${readModels.length} read models at ${Math.round(events / rebuilt)} events/s`,
      );
      if (round === 0) continue;
      reads.push(read);
      rebuilds.push(rebuilt);
    }
    const ratio = median(reads) / median(rebuilds);
    print({
      bench: 'replay',
      ratio,
      goal: `at least ${GOAL} of the speed of reading, for all read models together`,
      met: ratio >= GOAL,
      medians: {
        'events/s, read only': events / median(reads),
        'events/s, into all read models': events / median(rebuilds),
        'seconds for a million events': (median(rebuilds) / events) * 1e6,
      },
      details: { events, readModels: readModels.length, rounds: rounds() },
    });
  } finally {
    await server.stop();
  }
}

/** A customer's history tells how many customers make so many events. */
async function portfolioOf(
  events: number,
  grown: (name: string, subscriptions: number) => Promise<GrownPortfolio>,
): Promise<GrownPortfolio> {
  const smallest = await grown('replay_sample', SAMPLES);
  const ofCustomer = (await eventsIn(smallest)) / SAMPLES;
  return grown('replay', Math.max(SAMPLES, Math.round(events / ofCustomer)));
}

async function eventsIn({ owner }: GrownPortfolio): Promise<number> {
  const [row]: { count: string }[] = await owner.query('select count(*) from es.event');
  return Number(row!.count);
}

async function readAll(database: Database, store: EventStore): Promise<void> {
  const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
  const lane = async (): Promise<void> => {
    for (let bucket = buckets.shift(); bucket !== undefined; bucket = buckets.shift()) await readBucket(database, store, bucket);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function readBucket(database: Database, store: EventStore, bucket: number): Promise<void> {
  await database.transaction(async (sql) => {
    for (let after = 0n, found = PAGE; found === PAGE; after += BigInt(found)) {
      found = (await store.readBucket(sql, bucket, after, PAGE)).length;
    }
  });
}
