import { BUCKETS, type Id } from '#kernel/ids.js';
import type { EventStore } from './event-store.js';
import { type ReadModel, statementsFor } from './read-model.js';
import type { Database, Sql } from './sql.js';

export interface RebuildProgress {
  readonly bucket: number;
  /** Events read so far, of all buckets. */
  readonly events: number;
}

export interface RebuildOptions {
  /** All of them unless given. */
  readonly buckets?: readonly number[];
  readonly onProgress?: (progress: RebuildProgress) => void;
}

/** A row that is not what a replay of the log gives; either side may lack it. */
export interface Deviation {
  readonly bucket: number;
  readonly id: Id;
  readonly stored: string | null;
  readonly replayed: string | null;
}

const PAGE = 1_000;
const EVERY_BUCKET = Array.from({ length: BUCKETS }, (_, bucket) => bucket);

/**
 * Builds a read model anew beside the serving processes, as the owner of the database. Bucket by bucket: the log is
 * replayed into a second table without any lock; then, under the bucket's lock, the rest, and the bucket's rows are
 * exchanged in the same transaction. Writers of one bucket wait for as long as that takes, the others do not.
 *
 * Serving processes must already project as the given model does: what they append to a bucket after its exchange, they
 * write themselves. A rebuild that was broken off leaves each bucket either as it was or done; it is simply run again.
 */
export async function rebuildReadModel(
  database: Database,
  store: EventStore,
  model: ReadModel,
  options: RebuildOptions = {},
): Promise<void> {
  const columns = columnsOf(model);
  await replayInto(database, store, model, `${model.table}_rebuilt`, options, async (sql, bucket, replayed) => {
    await sql.query(`delete from ${model.table} where bucket = $1::smallint`, [bucket]);
    await sql.query(`insert into ${model.table} (${columns}) select ${columns} from ${replayed} where bucket = $1::smallint`, [bucket]);
  });
}

/** Compares a read model with a replay of the log, each bucket at one moment; changes nothing. As the owner. */
export async function compareWithReplay(
  database: Database,
  store: EventStore,
  model: ReadModel,
  options: RebuildOptions = {},
): Promise<Deviation[]> {
  const columns = columnsOf(model);
  const deviations: Deviation[] = [];
  await replayInto(database, store, model, `${model.table}_replayed`, options, async (sql, bucket, replayed) => {
    const rows = await sql.query<{ id: Id; stored: string | null; replayed: string | null }>(
      `with stored as (select id, t::text as row from (select ${columns} from ${model.table} where bucket = $1::smallint) as t),
            replayed as (select id, t::text as row from (select ${columns} from ${replayed} where bucket = $1::smallint) as t)
       select coalesce(s.id, r.id) as id, s.row as stored, r.row as replayed
         from stored s full join replayed r on r.id = s.id where s.row is distinct from r.row order by 1`,
      [bucket],
    );
    deviations.push(...rows.map((row) => ({ bucket, ...row })));
  });
  return deviations;
}

/**
 * Replays the log into a table of its own, made like the read model's and gone afterwards. `atTail` runs for each bucket
 * once it is complete, in a transaction that holds the bucket's lock.
 */
async function replayInto(
  database: Database,
  store: EventStore,
  model: ReadModel,
  table: string,
  { buckets = EVERY_BUCKET, onProgress }: RebuildOptions,
  atTail: (sql: Sql, bucket: number, table: string) => Promise<void>,
): Promise<void> {
  let events = 0;
  await database.query(`drop table if exists ${table}`);
  await database.query(`create table ${table} (like ${model.table} including all)`);
  try {
    for (const bucket of buckets) {
      const replay = new Replay(store, model, bucket, table);
      for (let isBehind = true; isBehind; ) isBehind = await database.transaction((sql) => replay.page(sql));
      await database.transaction(async (sql) => {
        await store.lock(sql, bucket);
        for (let isBehind = true; isBehind; ) isBehind = await replay.page(sql);
        await atTail(sql, bucket, table);
      });
      events += Number(replay.position);
      onProgress?.({ bucket, events });
    }
  } finally {
    await database.query(`drop table if exists ${table}`);
  }
}

class Replay {
  position = 0n;

  constructor(
    private readonly store: EventStore,
    private readonly model: ReadModel,
    private readonly bucket: number,
    private readonly table: string,
  ) {}

  /** Replays one page; false when it was the last one for now. */
  async page(sql: Sql): Promise<boolean> {
    const events = await this.store.readBucket(sql, this.bucket, this.position, PAGE);
    const heard = events.filter(({ event }) => this.model.hears.includes(event.type));
    for (const statement of statementsFor(this.model, this.bucket, heard, this.table)) await sql.run(statement);
    this.position += BigInt(events.length);
    return events.length === PAGE;
  }
}

function columnsOf(model: ReadModel): string {
  return ['bucket', 'id', ...Object.keys(model.columns), ...(model.tracksVersion ? ['version'] : [])].join(', ');
}
