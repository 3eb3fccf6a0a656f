import type { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { type AppendingStore, CATEGORIES, payloadOf, type Stream } from './append/appended.js';
import { castoreStore } from './append/castore-store.js';
import { emmettStore } from './append/emmett-store.js';
import { messageDbStore } from './append/message-db-store.js';
import { perennialStore } from './append/perennial-store.js';
import { startBenchServer } from './bench-database.js';
import { rounds, size } from './options.js';
import { median, print, progress, seconds } from './report.js';

const WRITERS = 16;
const APPENDS_TO_A_STREAM = 10;
const WORK = ['appends of one', 'appends of ten', 'reads of a stream'] as const;
type Work = (typeof WORK)[number];

/** P3: appends by 16 concurrent writers, and reads of whole streams, in one process for each store in turn. */
export async function eventAppend(): Promise<void> {
  const appends = size(4_000);
  const server = await startBenchServer();
  const stores: AppendingStore[] = [];
  try {
    const database = await server.database('perennial');
    stores.push(perennialStore(await database.asApplication(WRITERS)));
    stores.push(await emmettStore(await server.emptyDatabase('emmett'), WRITERS));
    stores.push(await castoreStore(await server.emptyDatabase('castore')));
    stores.push(await messageDbStore(await server.emptyDatabase('message_db'), WRITERS));
    report(stores, await measured(stores, appends, await database.asOwner()), appends);
  } finally {
    for (const store of stores) await store.close();
    await server.stop();
  }
}

type Rates = ReadonlyMap<string, ReadonlyMap<Work, number>>;

async function measured(stores: readonly AppendingStore[], appends: number, owner: DataSource): Promise<Rates> {
  const found = new Map(stores.map(({ name }) => [name, new Map(WORK.map((work): [Work, number[]] => [work, []]))]));
  // The first round warms up connections, plans and compiled code, and does not count.
  for (let round = 0; round <= rounds(); round += 1) {
    for (let turn = 0; turn < stores.length; turn += 1) {
      const store = stores[(round + turn) % stores.length]!;
      await owner.query('checkpoint');
      const rates = await measure(store, round === 0 ? Math.ceil(appends / 4) : appends);
      if (round > 0) for (const work of WORK) found.get(store.name)!.get(work)!.push(rates[work]);
      progress(`  round ${round}, ${store.name}: ${WORK.map((work) => `${Math.round(rates[work])} ${work}/s`).join(', ')}`);
    }
  }
  return new Map([...found].map(([name, ofStore]) => [name, new Map([...ofStore].map(([work, values]) => [work, median(values)]))]));
}

async function measure(store: AppendingStore, appends: number): Promise<Record<Work, number>> {
  const singly = streamsFor(appends);
  const inTens = streamsFor(Math.ceil(appends / 4));
  const single = await seconds(() => fill(store, singly, 1));
  const ten = await seconds(() => fill(store, inTens, 10));
  const read = await seconds(() => readAll(store, singly, appends));
  return {
    'appends of one': (singly.length * APPENDS_TO_A_STREAM) / single,
    'appends of ten': (inTens.length * APPENDS_TO_A_STREAM) / ten,
    'reads of a stream': appends / read,
  };
}

function streamsFor(appends: number): Stream[] {
  return Array.from({ length: Math.ceil(appends / APPENDS_TO_A_STREAM) }, (_, index) => {
    return { category: CATEGORIES[index % CATEGORIES.length]!, id: newId(), version: 0 };
  });
}

/** Each writer fills one stream after the other. */
async function fill(store: AppendingStore, streams: readonly Stream[], eventsEach: number): Promise<void> {
  let next = 0;
  const writer = async (): Promise<void> => {
    while (next < streams.length) {
      const stream = streams[next]!;
      next += 1;
      for (let append = 0; append < APPENDS_TO_A_STREAM; append += 1) {
        const payloads = Array.from({ length: eventsEach }, (_, index) => payloadOf(stream, stream.version + index + 1));
        await store.append(stream, payloads);
        stream.version += eventsEach;
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

async function readAll(store: AppendingStore, streams: readonly Stream[], reads: number): Promise<void> {
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < reads) {
      const stream = streams[next % streams.length]!;
      next += 1;
      const events = await store.read(stream);
      if (events !== stream.version) throw new Error(`${store.name} reads ${events} events where ${stream.version} were appended.`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, reader));
}

function report(stores: readonly AppendingStore[], rates: Rates, appends: number): void {
  const [ours, ...peers] = stores.map(({ name }) => name);
  const rate = (name: string, work: Work): number => rates.get(name)!.get(work)!;
  const medians: Record<string, number> = {};
  for (const work of WORK) for (const { name } of stores) medians[`${work}/s, ${name}`] = rate(name, work);
  const ahead = peers.flatMap((peer) => WORK.map((work) => rate(ours!, work) / rate(peer, work)));
  const ratio = Math.min(...ahead);
  print({
    bench: 'event-append',
    ratio,
    goal: 'over 1: ahead of every peer in each kind of work (the least of these ratios is shown)',
    met: ratio > 1,
    medians,
    details: {
      writers: WRITERS,
      appends,
      rounds: rounds(),
      payloadBytes: JSON.stringify(payloadOf({ category: 'invoice', id: newId(), version: 0 }, 1)).length,
    },
  });
}
