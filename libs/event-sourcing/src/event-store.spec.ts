import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { type Id, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { PendingEvent, StreamHead } from './event-store.js';
import { StreamMoved } from './event-store.js';
import type { Queries, Sql } from './sql.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, JarOpened, OpenJar } from './testing/jars.js';

describe('the log', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 4 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  const opened = (streamId: Id<'jar'>, bucket: number, version = 1, eventId: Id = newId(bucket)): PendingEvent => ({
    event: new JarOpened({ jarId: streamId, label: 'jam', spoilsAt: null }),
    meta: {
      bucket,
      streamType: 'jar',
      streamId,
      version,
      eventId,
      effectiveAt: engine.clock.now(),
      causationId: null,
      accountId: null,
      origin: null,
      ...asked,
    },
  });

  const headOf = async (sql: Queries, bucket: number, streamId: Id): Promise<Map<Id, StreamHead>> =>
    engine.store.load(sql, bucket, new Map([[streamId, engine.vocabulary.decider('jar')]]));

  async function append(sql: Sql, bucket: number, streamId: Id<'jar'>): Promise<void> {
    const heads = await headOf(sql, bucket, streamId);
    await engine.store.append(sql, bucket, heads, [opened(streamId, bucket, heads.get(streamId)!.version + 1)]);
  }

  describe('with 16 writers, of which every fifth transaction is rolled back', () => {
    const WRITERS = 16;
    const EACH = 40;
    const buckets = [1, 2, 3, 4];
    const gaveUp = new Error('rolled back on purpose');

    /** Follows one bucket by position while the writers write, and says which positions it has seen. */
    async function follow(read: (after: bigint) => Promise<bigint[]>, isDone: () => boolean): Promise<bigint[]> {
      const seen: bigint[] = [];
      for (let last = false; ; ) {
        const found = await read(seen.at(-1) ?? 0n);
        seen.push(...found);
        if (last && found.length === 0) return seen;
        last = isDone() && found.length === 0;
        await sleep(1);
      }
    }

    async function write(write: (sql: Sql, bucket: number) => Promise<void>): Promise<number> {
      let committed = 0;
      await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          for (let index = 0; index < EACH; index += 1) {
            const bucket = buckets[(writer + index) % buckets.length]!;
            try {
              await engine.database.transaction(async (sql) => {
                await write(sql, bucket);
                await sleep((writer * 7 + index * 3) % 5);
                if ((writer + index) % 5 === 0) throw gaveUp;
              });
              committed += 1;
            } catch (error) {
              if (error !== gaveUp) throw error;
            }
          }
        }),
      );
      return committed;
    }

    it('loses nothing, leaves no gap, and shows each event once to a reader that follows', async () => {
      let writing = true;
      const readers = buckets.map((bucket) =>
        follow(
          async (after) =>
            (await engine.database.transaction((sql) => engine.store.readBucket(sql, bucket, after, 50))).map(({ meta }) => meta.position),
          () => !writing,
        ),
      );
      const committed = await write((sql, bucket) => append(sql, bucket, newId(bucket)));
      writing = false;
      const seen = await Promise.all(readers);
      for (const positions of seen) expect(positions).toEqual(positions.map((_, index) => BigInt(index + 1)));
      expect(seen.flat()).toHaveLength(committed);
      const [stored] = await engine.rows<{ count: string }>('select count(*) from es.event where bucket = any($1::smallint[])', [buckets]);
      expect(Number(stored!.count)).toBe(committed);
    });

    it('where numbers from a sequence, read the same way, lose events', async () => {
      await owner.query('create table jars.numbered (pos bigserial primary key); grant all on all tables in schema jars to perennial_app');
      await owner.query('grant usage on all sequences in schema jars to perennial_app');
      let writing = true;
      const reader = follow(
        async (after) =>
          (await engine.rows<{ pos: string }>('select pos from jars.numbered where pos > $1 order by pos', [after.toString()])).map(
            ({ pos }) => BigInt(pos),
          ),
        () => !writing,
      );
      const committed = await write(async (sql) => void (await sql.query('insert into jars.numbered default values')));
      writing = false;
      expect((await reader).length).toBeLessThan(committed);
    });
  });

  it('proves to its readers that no position is missing', async () => {
    const bucket = 20;
    for (let index = 0; index < 3; index += 1) await engine.database.transaction((sql) => append(sql, bucket, newId(bucket)));
    const runner = owner.createQueryRunner();
    await runner.connect();
    await runner.query('begin');
    try {
      await runner.query(`alter table es.event disable trigger all`);
      for (let part = 0; part < 8; part += 1) await runner.query(`alter table es.event_${part} disable trigger all`);
      await runner.query('delete from es.event where bucket = $1 and pos = 2', [bucket]);
      const asRunner: Sql = {
        query: (text, values) => runner.query(text, values as unknown[]),
        run: async () => {},
        runAll: async () => {},
      };
      await expect(engine.store.readBucket(asRunner, bucket, 0n, 10)).rejects.toThrow('position 2 is missing');
    } finally {
      await runner.query('rollback');
      await runner.release();
    }
    expect(await engine.database.transaction((sql) => engine.store.readBucket(sql, bucket, 0n, 10))).toHaveLength(3);
  });

  it('reads nothing of a history whose state is kept, however long it is', async () => {
    const bucket = 22;
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId });
    for (let count = 0; count < 30; count += 1) await engine.send(AddBeads, { jarId, count: 1 });
    const fetched = async (sql: Queries): Promise<number> => {
      const [row] = await sql.query<{ count: number }>(
        "select sum(idx_tup_fetch)::integer as count from pg_stat_xact_user_tables where schemaname = 'es' and relname like 'event%'",
      );
      return row!.count;
    };
    const read = (forgotten: boolean) =>
      engine.database.transaction(async (sql) => {
        if (forgotten) await sql.query('delete from es.stream_state where bucket = $1::smallint', [bucket]);
        const before = await fetched(sql);
        expect((await headOf(sql, bucket, jarId)).get(jarId)).toMatchObject({ version: 31, state: { beads: 30 } });
        return (await fetched(sql)) - before;
      });
    expect(await read(false)).toBe(0);
    expect(await read(true)).toBe(31);
  });

  it('gives back the moment of an event to the millisecond', async () => {
    const bucket = 21;
    const streamId = newId<'jar'>(bucket);
    const moments = ['2026-01-31T09:00:00.000Z', '2026-01-31T09:00:00.250Z', '2026-01-31T23:59:59.999Z', '0001-01-01T00:00:00.007Z'];
    const events = moments.map((moment, index) => {
      const { event, meta } = opened(streamId, bucket, index + 1);
      return { event, meta: { ...meta, effectiveAt: instant(moment) } };
    });
    await engine.store.append(engine.database, bucket, await headOf(engine.database, bucket, streamId), events);
    const read = await engine.store.readStream(engine.database, bucket, streamId);
    expect(read.map(({ meta }) => meta.effectiveAt)).toEqual(moments);
  });

  // One stream is checked in another way than many.
  describe.each([
    ['of one stream', 0],
    ['of several streams', 2],
  ])('the append %s', (_, others) => {
    const bucket = 30;
    const head = (streamId: Id<'jar'>) => headOf(engine.database, bucket, streamId);

    /** Together with events of other streams, new ones and continued ones, to which there is nothing to object. */
    async function append(heads: ReadonlyMap<Id, StreamHead>, ...events: PendingEvent[]): Promise<void> {
      const all = new Map(heads);
      const beside: PendingEvent[] = [];
      for (let other = 0; other < others; other += 1) {
        const streamId = newId<'jar'>(bucket);
        if (other % 2 === 1) await engine.store.append(engine.database, bucket, await head(streamId), [opened(streamId, bucket)]);
        const found = (await head(streamId)).get(streamId)!;
        all.set(streamId, found);
        beside.push(opened(streamId, bucket, found.version + 1));
      }
      await engine.store.append(engine.database, bucket, all, [...beside, ...events]);
    }

    it('takes events that follow on from where their streams are', async () => {
      const streamId = newId<'jar'>(bucket);
      await append(await head(streamId), opened(streamId, bucket, 1), opened(streamId, bucket, 2));
      await append(await head(streamId), opened(streamId, bucket, 3));
      expect((await head(streamId)).get(streamId)!.version).toBe(3);
    });

    it('refuses a stream that has moved on since it was read', async () => {
      const streamId = newId<'jar'>(bucket);
      const before = await head(streamId);
      await append(before, opened(streamId, bucket));
      await expect(append(before, opened(streamId, bucket))).rejects.toThrow(StreamMoved);
      const first = await head(streamId);
      await append(first, opened(streamId, bucket, 2));
      await expect(append(first, opened(streamId, bucket, 2))).rejects.toThrow(StreamMoved);
      expect((await head(streamId)).get(streamId)!.version).toBe(2);
    });

    it('refuses a stream whose end has another hash', async () => {
      const streamId = newId<'jar'>(bucket);
      await append(await head(streamId), opened(streamId, bucket));
      const heads = await head(streamId);
      const forged = new Map([[streamId as Id, { ...heads.get(streamId)!, hash: Buffer.alloc(32, 7) }]]);
      await expect(append(forged, opened(streamId, bucket, 2))).rejects.toThrow(StreamMoved);
    });

    it.each([
      ['a new stream that does not begin with 1', [2]],
      ['a version that is left out', [1, 3]],
      ['a version that comes twice', [1, 1]],
      ['versions in the wrong order', [2, 1]],
    ])('refuses %s', async (_, versions) => {
      const streamId = newId<'jar'>(bucket);
      const events = versions.map((version) => opened(streamId, bucket, version));
      await expect(append(await head(streamId), ...events)).rejects.toThrow('would leave a gap');
    });

    it('refuses to go on with a stream whose end the caller does not state', async () => {
      const streamId = newId<'jar'>(bucket);
      await append(await head(streamId), opened(streamId, bucket));
      const claimed = new Map([[streamId as Id, { ...(await head(streamId)).get(streamId)!, version: 0 }]]);
      await expect(append(claimed, opened(streamId, bucket, 2))).rejects.toThrow('would leave a gap');
    });

    it('refuses a stream that does not belong to the bucket', async () => {
      const streamId = newId<'jar'>(bucket + 1);
      const heads = new Map<Id, StreamHead>([
        [streamId, { decider: engine.vocabulary.decider('jar'), state: null, version: 0, hash: Buffer.alloc(32) }],
      ]);
      await expect(append(heads, opened(streamId, bucket))).rejects.toThrow('check constraint');
    });
  });
});
