import type { DataSource } from 'typeorm';
import { type Id, newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, BreakJar, type JarId, OpenJar, SealJar, SpoilJar, shelfOf } from './testing/jars.js';

describe('commands', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 20 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  const eventsOf = async (id: Id): Promise<string[]> =>
    (await engine.rows<{ event_type: string }>('select event_type from es.event where stream_id = $1 order by version', [id])).map(
      ({ event_type }) => event_type,
    );

  async function aJar(bucket?: number): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId });
    return jarId;
  }

  it('are refused with version_conflict when the stream is not at the version that was asked for', async () => {
    const jarId = await aJar();
    await engine.send(AddBeads, { jarId, count: 1 }, { expectedVersion: 1 });
    await expect(engine.send(AddBeads, { jarId, count: 2 }, { expectedVersion: 1 })).rejects.toMatchObject({
      code: 'version_conflict',
      kind: 'stale',
    });
    expect(await eventsOf(jarId)).toEqual(['JarOpened', 'BeadsAdded']);
  });

  it('sent at once for the same version are done once', async () => {
    const jarId = await aJar();
    const sent = Array.from({ length: 20 }, (_, count) => engine.send(AddBeads, { jarId, count }, { expectedVersion: 1 }));
    const settled = await Promise.allSettled(sent);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of settled) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'version_conflict' });
    expect(await eventsOf(jarId)).toHaveLength(2);
  });

  it('that compete for one stream all succeed, by deciding again', async () => {
    const jarId = await aJar();
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, count) => engine.send(AddBeads, { jarId, count })));
    expect(outcomes.map(({ version }) => version).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 2));
    expect(await eventsOf(jarId)).toHaveLength(61);
  });

  it('keep a folded state that is the fold of all events, numbers given at the append included', async () => {
    const jarId = await aJar();
    await engine.send(AddBeads, { jarId, count: 5 });
    await engine.send(SealJar, { jarId, series: 'KEPT' });
    const [kept] = await engine.rows<{ state: object; version: string }>(
      'select state, version from es.stream_state where stream_id = $1',
      [jarId],
    );
    expect(kept).toEqual({ state: { status: 'sealed', beads: 5, number: 'KEPT-1' }, version: '3' });
  });

  it('move the version of a read model with every event, so that an ETag is always the one to send back', async () => {
    const jarId = await aJar();
    const { version } = await engine.send(SpoilJar, { jarId });
    const [row] = await engine.rows<{ version: string }>('select version from jars.jar_details where id = $1', [jarId]);
    expect(row).toEqual({ version: String(version) });
    await engine.send(BreakJar, { jarId }, { expectedVersion: Number(row!.version) });
    expect(await engine.rows('select 1 from jars.jar_details where id = $1', [jarId])).toEqual([]);
  });

  it('of two buckets, with a series and keys shared between them, never deadlock', async () => {
    const jars = await Promise.all(Array.from({ length: 80 }, (_, index) => aJar(40 + (index % 2))));
    const sealed = await Promise.all(
      jars.map((jarId, index) =>
        engine.send(SealJar, { jarId, series: index % 3 === 0 ? 'A' : 'B' }, { idempotency: { key: `seal/${jarId}`, requestHash: 'x' } }),
      ),
    );
    expect(sealed.flatMap(({ events }) => events.map(({ event }) => event.type))).toHaveLength(80);
  });

  it('where appends to two buckets in one transaction deadlock unless they go in ascending order', async () => {
    const inOrder = (buckets: readonly number[]): Promise<unknown> =>
      owner.transaction(async (manager) => {
        await manager.query(`set local deadlock_timeout = '10ms'`);
        for (const bucket of buckets) {
          await manager.query('select 1 from es.bucket where bucket = $1 for update', [bucket]);
          await manager.query('select pg_sleep(0.002)');
        }
      });
    const deadlocks = async (order: (index: number) => number[]): Promise<number> => {
      const settled = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => inOrder(order(index))));
      return settled.filter((result) => result.status === 'rejected' && result.reason.code === '40P01').length;
    };
    expect(await deadlocks((index) => (index % 2 ? [50, 51] : [51, 50]))).toBeGreaterThan(0);
    expect(await deadlocks(() => [50, 51])).toBe(0);
  });

  describe('with numbers from a series', () => {
    const numbersOf = async (series: string): Promise<number[]> =>
      (
        await engine.rows<{ number: string }>(
          `select payload->>'number' as number from es.event where event_type = 'JarSealed' and payload->>'series' = $1`,
          [series],
        )
      )
        .map(({ number }) => Number(number.slice(series.length + 1)))
        .sort((a, b) => a - b);

    it('leave no gap, whatever is rolled back and in whichever bucket', async () => {
      const jars = await Promise.all(Array.from({ length: 60 }, (_, index) => aJar(60 + (index % 5))));
      const rolledBack = new Error('rolled back on purpose');
      await Promise.allSettled(
        jars.map((jarId, index) => {
          const answer = async (): Promise<never> => {
            throw rolledBack;
          };
          return engine.send(SealJar, { jarId, series: 'GAPLESS' }, index % 3 === 0 ? { answer } : {});
        }),
      );
      expect(await numbersOf('GAPLESS')).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    });

    it('where a sequence of PostgreSQL leaves gaps after the same', async () => {
      await owner.query('create sequence jars.with_gaps');
      for (let index = 0; index < 6; index += 1) {
        await owner
          .transaction(async (manager) => {
            await manager.query(`select nextval('jars.with_gaps')`);
            if (index % 3 === 0) throw new Error('rolled back on purpose');
          })
          .catch(() => {});
      }
      const [row] = await owner.query(`select last_value from jars.with_gaps`);
      expect(Number(row.last_value)).toBeGreaterThan(4);
    });
  });

  it('of another bucket are refused to a reaction that settles with the fact', async () => {
    const strayed = await Engine.start({
      url: testDatabase.url,
      connections: 2,
      contexts: [
        {
          ...jarsContext,
          reactions: {
            astray: {
              settles: 'with',
              hears: jarsContext.reactions!.shelveJarWhenOpened!.hears,
              react: () => [new OpenJar({ jarId: newId<'jar'>(71) })],
            },
          },
        },
      ],
    });
    const jarId = newId<'jar'>(70);
    await expect(strayed.send(OpenJar, { jarId })).rejects.toThrow('not in bucket 70');
    await strayed.close();
    expect(await eventsOf(jarId)).toEqual([]);
    expect(await eventsOf(shelfOf(70))).toEqual([]);
  });
});
