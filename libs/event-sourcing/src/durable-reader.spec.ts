import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { type DurableReader, stoppedBuckets } from './durable-reader.js';
import { isTransient, type Sql } from './sql.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { type JarOpened, OpenJar } from './testing/jars.js';
import { seeing } from './testing/seeing.js';

const project = join(import.meta.dirname, '../../..');

describe('a durable reader', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
    for (const bucket of [1, 2, 3, 4]) await openJars(bucket, 100);
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  /** Each jar is two events: opened and shelved. */
  async function openJars(bucket: number, count: number, label = 'jam'): Promise<void> {
    const commands = Array.from({ length: count }, () => new OpenJar({ jarId: newId<'jar'>(bucket), label }, asked));
    await engine.executor.inTransaction(bucket, (transaction) => engine.executor.executeIn(transaction, commands));
  }

  const seen = (reader: string): Promise<{ bucket: number; pos: string; times: string }[]> =>
    engine.rows('select bucket, pos, count(*) as times from jars.seen where reader = $1 group by 1, 2 order by 1, 2', [reader]);

  async function expectEachEventOnce(reader: string): Promise<void> {
    const stored = await engine.rows<{ bucket: number; pos: string }>('select bucket, pos from es.event order by 1, 2');
    expect(await seen(reader)).toEqual(stored.map((event) => ({ ...event, times: '1' })));
  }

  it('sees each event once, and again only what is new', async () => {
    const reader = engine.reader(seeing('plain'));
    expect(await reader.drain()).toBe(800);
    expect(await reader.drain()).toBe(0);
    await openJars(1, 1);
    expect(await reader.drain()).toBe(2);
    await expectEachEventOnce('plain');
  });

  it('shares the buckets with readers of other workers', async () => {
    const readers = Array.from({ length: 4 }, () => engine.reader(seeing('shared')));
    await Promise.all(readers.map((reader) => reader.drain()));
    await readers[0]!.drain();
    await expectEachEventOnce('shared');
  });

  /**
   * Reads everything while its server process is terminated again and again: before the first effect, in the middle of
   * them, and between the last one and the checkpoint.
   */
  async function readUnderFire(name: string, times: number, sqlOf: (own: Sql) => Sql): Promise<void> {
    const shots = fc.sample(fc.nat(260), { seed: 7, numRuns: times });
    let hits = 0;
    const noting = seeing(name);
    const reader = engine.reader({
      name,
      handle: async (events, sql) => {
        const shot = shots.shift() ?? Number.POSITIVE_INFINITY;
        await noting.handle(events.slice(0, shot), sqlOf(sql));
        if (shot === Number.POSITIVE_INFINITY) return;
        const [backend] = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
        await owner.query('select pg_terminate_backend($1)', [backend!.pid]);
        await noting.handle(events.slice(shot), sqlOf(sql));
      },
    });
    for (let handled = -1; handled !== 0; ) {
      handled = await reader.drain().catch((error) => {
        if (!isTransient(error)) throw error;
        hits += 1;
        return -1;
      });
    }
    expect(hits).toBe(times);
  }

  it('whose server process is terminated at any point neither skips nor repeats an effect', async () => {
    await readUnderFire('under-fire', 25, (own) => own);
    await expectEachEventOnce('under-fire');
  });

  it('where effects that do not commit with the checkpoint are repeated', async () => {
    const apart: Sql = { query: (text, values) => engine.database.query(text, values), run: async () => {}, runAll: async () => {} };
    await readUnderFire('apart', 4, () => apart);
    await expect(expectEachEventOnce('apart')).rejects.toThrow();
  });

  it('in a process that is killed neither skips nor repeats an effect', async () => {
    const loader = join(project, 'test/support/source-loader.js');
    const script = join(import.meta.dirname, 'testing/reader-process.ts');
    let kills = 0;
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, ['--import', loader, script, testDatabase.url], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = once(child, 'exit');
      const before = (await seen('killed')).length;
      while ((await seen('killed')).length === before && before < 800 && child.exitCode === null) await sleep(2);
      await sleep(round * 5);
      child.kill('SIGKILL');
      if ((await ended)[1] === 'SIGKILL') kills += 1;
      await openJars(1 + (round % 4), 60);
    }
    expect(kills).toBe(3);
    // A killed process's transaction ends when its server process notices.
    while (
      (await engine.rows(`select 1 from pg_stat_activity where application_name = 'reader-process' and datname = current_database()`))
        .length > 0
    )
      await sleep(5);
    await engine.reader(seeing('killed')).drain();
    await expectEachEventOnce('killed');
  });

  describe('that cannot handle an event', () => {
    const poisoned = (name: string, poison: () => boolean): DurableReader =>
      engine.reader(
        seeing(name, ({ event }) => {
          if (poison() && (event as JarOpened).data.label === 'poison') throw new Error('poisoned');
        }),
      );

    it('stops its bucket there, visibly, keeps what came before, and goes on after the repair', async () => {
      const bucket = 7;
      await openJars(bucket, 3);
      await openJars(bucket, 1, 'poison');
      await openJars(bucket, 2);
      await openJars(8, 2);
      let isPoisoned = true;
      const reader = poisoned('poisoned', () => isPoisoned);
      await reader.drain([bucket, 8]);
      expect((await seen('poisoned')).map((row) => [row.bucket, row.pos])).toEqual([
        ...[1, 2, 3, 4, 5, 6].map((pos) => [bucket, String(pos)]),
        ...[1, 2, 3, 4].map((pos) => [8, String(pos)]),
      ]);
      const [stopped, ...others] = await stoppedBuckets(engine.database);
      expect(others).toEqual([]);
      expect(stopped).toMatchObject({
        reader: 'poisoned',
        bucket,
        position: 7n,
        failures: 1,
        error: 'JarOpened at position 7 of bucket 7: poisoned',
      });
      // It pauses, and is not found to have work, but grows no new failure meanwhile.
      expect(await reader.bucketsWithWork()).not.toContain(bucket);
      await reader.readOn(bucket);
      expect((await stoppedBuckets(engine.database))[0]).toMatchObject({ position: 7n, failures: 2 });
      isPoisoned = false;
      await reader.drain([bucket]);
      expect(await stoppedBuckets(engine.database)).toEqual([]);
      expect((await seen('poisoned')).filter((row) => row.bucket === bucket).map((row) => [row.pos, row.times])).toEqual(
        Array.from({ length: 12 }, (_, index) => [String(index + 1), '1']),
      );
    });

    it('because this version does not know it, stops there too, and says so', async () => {
      const bucket = 9;
      await openJars(bucket, 2);
      const older = await Engine.start({
        url: testDatabase.url,
        contexts: [{ name: 'jars', deciders: jarsContext.deciders!.slice(0, 1) }],
        connections: 3,
      });
      await older.reader(seeing('older')).drain([bucket]);
      expect((await seen('older')).map(({ pos }) => pos)).toEqual(['1']);
      const stopped = (await stoppedBuckets(engine.database)).filter(({ reader }) => reader === 'older');
      expect(stopped).toMatchObject([{ bucket, position: 2n }]);
      expect(stopped[0]!.error).toContain('No context declares the event JarShelved');
      await older.close();
      await engine.reader(seeing('older')).drain([bucket]);
      expect((await seen('older')).map(({ pos }) => pos)).toEqual(['1', '2', '3', '4']);
    });
  });
});
