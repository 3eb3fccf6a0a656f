import { BUCKETS } from '#kernel/ids.js';
import type { EventStore } from './event-store.js';
import type { ReadModel } from './read-model.js';
import { type Deviation, ReplayedBucket } from './replayed-bucket.js';
import type { Database, Sql } from './sql.js';

export interface RebuildProgress {
  /** Buckets that are done, and how many there are to do. */
  readonly done: number;
  readonly of: number;
  /** Events read so far. */
  readonly events: number;
}

export interface RebuildOptions {
  /** All of them unless given. */
  readonly buckets?: readonly number[];
  /** How many buckets are worked on at a time, each on a connection of its own. */
  readonly lanes?: number;
  /** How many rows of a bucket are held in memory. */
  readonly heldRows?: number;
  readonly onProgress?: (progress: RebuildProgress) => void;
}

const PAGE = 1_000;
/** This process decodes and folds for one of them while the others wait for PostgreSQL. */
const LANES = 4;
const EVERY_BUCKET = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/**
 * Builds read models anew beside the serving processes, as the owner of the database, with one pass over the log for all
 * of them. Bucket by bucket: the log is read without any lock; then, under the bucket's lock, the rest, and the bucket's
 * rows are exchanged. Writers of one bucket wait for as long as that takes, the others do not.
 *
 * Serving processes must already project as the given models do: what they append to a bucket after its exchange, they
 * write themselves. A rebuild that was broken off leaves each bucket either as it was or done; it is simply run again.
 */
export async function rebuildReadModels(
  database: Database,
  store: EventStore,
  models: readonly ReadModel[],
  options: RebuildOptions = {},
): Promise<void> {
  await replay(database, store, models, options, (replayed) => replayed.exchange());
}

/** Compares a read model with a replay of the log, each bucket at one moment; changes nothing. As the owner. */
export async function compareWithReplay(
  database: Database,
  store: EventStore,
  model: ReadModel,
  options: RebuildOptions = {},
): Promise<Deviation[]> {
  const deviations: Deviation[] = [];
  await replay(database, store, [model], options, async (replayed) => {
    deviations.push(...(await replayed.deviations()));
  });
  return deviations;
}

/** `atTail` gets each bucket once it is complete, in the transaction that holds the bucket's lock. */
async function replay(
  database: Database,
  store: EventStore,
  models: readonly ReadModel[],
  { buckets = EVERY_BUCKET, lanes = LANES, heldRows, onProgress }: RebuildOptions,
  atTail: (replayed: ReplayedBucket) => Promise<void>,
): Promise<void> {
  const waiting = [...buckets];
  let done = 0;
  let events = 0;
  const replayBucket = (bucket: number): Promise<bigint> =>
    database.transaction(async (sql) => {
      const replayed = new ReplayedBucket(sql, bucket, models, heldRows);
      const position = await readOn(sql, store, replayed, 0n);
      await store.lock(sql, bucket);
      const last = await readOn(sql, store, replayed, position);
      await atTail(replayed);
      return last;
    });
  const lane = async (): Promise<void> => {
    for (let bucket = waiting.shift(); bucket !== undefined; bucket = waiting.shift()) {
      const last = await replayBucket(bucket);
      done += 1;
      events += Number(last);
      onProgress?.({ done, of: buckets.length, events });
    }
  };
  const failures: unknown[] = [];
  const stopAll = (failure: unknown): void => {
    failures.push(failure);
    waiting.length = 0;
  };
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(stopAll)));
  if (failures.length > 0) throw failures[0];
}

/** Replays the events after a position up to the last one for now; answers the position of that. */
async function readOn(sql: Sql, store: EventStore, replayed: ReplayedBucket, after: bigint): Promise<bigint> {
  for (let position = after; ; ) {
    const events = await store.readBucket(sql, replayed.bucket, position, PAGE);
    await replayed.hear(events);
    position += BigInt(events.length);
    if (events.length < PAGE) return position;
  }
}
