import type { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { EventStore } from './event-store.js';
import { insert, readModel, update } from './read-model.js';
import { compareWithReplay, type RebuildProgress, rebuildReadModels } from './rebuild.js';
import { Engine } from './testing/engine.js';
import { JAR_TABLES, jarDetails, jarsContext, seals } from './testing/jars.context.js';
import { AddBeads, BreakJar, type JarId, JarOpened, JarSealed, OpenJar, SealJar, SpoilJar } from './testing/jars.js';

const buckets = [3, 4, 5];

describe('a rebuild of a read model', () => {
  let testDatabase: TestDatabase;
  let owner: Engine;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await Engine.start({ url: testDatabase.url, contexts: [jarsContext], role: null, connections: 4 });
    await owner.dataSource.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext], connections: 8 });
    for (const bucket of buckets) for (let index = 0; index < 8; index += 1) await livesOfAJar(bucket, index);
  });
  afterAll(async () => {
    await engine.close();
    await owner.close();
    await testDatabase.drop();
  });

  async function livesOfAJar(bucket: number, index: number): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId, label: `label ${index}` });
    await engine.send(AddBeads, { jarId, count: index });
    if (index % 3 === 0) await engine.send(SealJar, { jarId, series: `B${bucket}` });
    if (index % 3 === 1) await engine.send(SpoilJar, { jarId });
    if (index % 4 === 1) {
      await engine.send(BreakJar, { jarId });
      await engine.send(OpenJar, { jarId, label: 'mended' });
    }
    return jarId;
  }

  const rows = (table = 'jars.jar_details', from: DataSource = owner.dataSource): Promise<object[]> =>
    from.query(`select * from ${table} order by bucket, id`);

  it('gives the rows that were written event by event', async () => {
    const incremental = [await rows(), await rows('jars.seal')];
    expect(incremental[0]).toHaveLength(24);
    await owner.dataSource.query(`update jars.jar_details set beads = -1; delete from jars.seal`);
    expect(await rows()).not.toEqual(incremental[0]);
    const progress: RebuildProgress[] = [];
    await rebuildReadModels(owner.database, owner.store, [jarDetails, seals], { onProgress: (step) => progress.push(step) });
    expect([await rows(), await rows('jars.seal')]).toEqual(incremental);
    expect(progress.map(({ done }) => done)).toEqual(Array.from({ length: 256 }, (_, index) => index + 1));
    const [recorded] = await owner.dataSource.query('select count(*)::integer as events from es.event');
    expect(progress.at(-1)).toEqual({ done: 256, of: 256, ...recorded });
  });

  it('gives the same rows where it cannot hold them all in memory', async () => {
    const incremental = [await rows(), await rows('jars.seal')];
    await owner.dataSource.query(`update jars.jar_details set beads = -1; delete from jars.seal`);
    await rebuildReadModels(owner.database, owner.store, [jarDetails, seals], { buckets, heldRows: 0 });
    expect([await rows(), await rows('jars.seal')]).toEqual(incremental);
    await owner.dataSource.query('update jars.jar_details set beads = beads + 1 where beads = 7');
    const found = await compareWithReplay(owner.database, owner.store, jarDetails, { buckets, heldRows: 0 });
    expect(found.map(({ stored, replayed }) => [stored?.beads, replayed?.beads])).toEqual(buckets.map(() => [8, 7]));
    await owner.dataSource.query('update jars.jar_details set beads = beads - 1 where beads = 8');
  });

  it('equals what is written while it runs', async () => {
    let running = true;
    const writers = buckets.map(async (bucket) => {
      let written = 0;
      for (; running; written += 1) await livesOfAJar(bucket, written);
      return written;
    });
    for (let round = 0; round < 5; round += 1) await rebuildReadModels(owner.database, owner.store, [jarDetails], { buckets });
    running = false;
    for (const written of await Promise.all(writers)) expect(written).toBeGreaterThan(0);
    const incremental = await rows();
    expect(await compareWithReplay(owner.database, owner.store, jarDetails, { buckets })).toEqual([]);
    await rebuildReadModels(owner.database, owner.store, [jarDetails], { buckets });
    expect(await rows()).toEqual(incremental);
  });

  it('would lose what is written between the last event it read and the exchange, without the lock of the bucket', async () => {
    const bucket = 10;
    await livesOfAJar(bucket, 2);
    let reads = 0;
    const unlocked: EventStore = Object.assign(Object.create(owner.store), {
      lock: async () => {},
      readBucket: async (...wanted: Parameters<EventStore['readBucket']>) => {
        const events = await owner.store.readBucket(...wanted);
        if (wanted[1] === bucket) reads += 1;
        if (wanted[1] === bucket && reads === 2) await livesOfAJar(bucket, 2);
        return events;
      },
    });
    await rebuildReadModels(owner.database, unlocked, [jarDetails], { buckets: [bucket] });
    expect(await compareWithReplay(owner.database, owner.store, jarDetails, { buckets: [bucket] })).toMatchObject([
      { bucket, stored: null },
    ]);
    await rebuildReadModels(owner.database, owner.store, [jarDetails], { buckets: [bucket] });
    expect(await compareWithReplay(owner.database, owner.store, jarDetails, { buckets: [bucket] })).toEqual([]);
  });

  it('changes nothing in a bucket that it fails in, and goes on with no other', async () => {
    const broken = readModel([JarOpened], {
      ...jarDetails,
      on: {
        JarOpened: ({ data }) => {
          const row = insert(data.jarId, { label: data.label, beads: 0, number: '' });
          return [row, row];
        },
      },
    });
    const before = await rows();
    const done: number[] = [];
    await expect(
      rebuildReadModels(owner.database, owner.store, [broken], {
        buckets: [...buckets, 200],
        lanes: 2,
        onProgress: ({ done: so }) => done.push(so),
      }),
    ).rejects.toThrow('inserted twice');
    expect(await rows()).toEqual(before);
    expect(done).toEqual([]);
  });

  it.each([20_000, 0])('is refused for a row that is changed and was never there, with %i rows in memory', async (heldRows) => {
    const broken = readModel([JarSealed], {
      ...jarDetails,
      on: { JarSealed: ({ data }) => update(data.jarId, { number: data.number }) },
    });
    await expect(rebuildReadModels(owner.database, owner.store, [broken], { buckets, heldRows })).rejects.toThrow(
      heldRows > 0 ? 'is updated, and there is none' : 'rows were touched where',
    );
  });

  it('keeps the rights of the serving processes on the table', async () => {
    await rebuildReadModels(owner.database, owner.store, [jarDetails], { buckets });
    expect(await rows('jars.jar_details', engine.dataSource)).toHaveLength((await rows()).length);
    await livesOfAJar(3, 1);
  });

  describe('only compared', () => {
    it('finds nothing where the rows are right', async () => {
      expect(await compareWithReplay(owner.database, owner.store, jarDetails, { buckets })).toEqual([]);
      expect(await compareWithReplay(owner.database, owner.store, seals, { buckets })).toEqual([]);
    });

    it('names the rows that are wrong, missing or too many, and changes none', async () => {
      const [wrong, missing, surplus] = [await livesOfAJar(9, 2), await livesOfAJar(9, 2), newId<'jar'>(9)];
      await owner.dataSource.query('update jars.jar_details set beads = beads + 1 where id = $1', [wrong]);
      await owner.dataSource.query('delete from jars.jar_details where id = $1', [missing]);
      await owner.dataSource.query(`insert into jars.jar_details values (9, $1, 'x', 0, '', 1)`, [surplus]);
      const before = await rows();
      const row = (id: JarId, beads: number): object => ({ bucket: 9, id, label: 'label 2', beads, number: '', version: 2 });
      const found = await compareWithReplay(owner.database, owner.store, jarDetails, { buckets: [9] });
      expect(new Map(found.map(({ id, stored, replayed }) => [id as string, [stored, replayed]]))).toEqual(
        new Map([
          [wrong, [row(wrong, 3), row(wrong, 2)]],
          [missing, [null, row(missing, 2)]],
          [surplus, [{ bucket: 9, id: surplus, label: 'x', beads: 0, number: '', version: 1 }, null]],
        ]),
      );
      expect(await rows()).toEqual(before);
    });
  });
});
