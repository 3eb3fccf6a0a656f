import type { DataSource } from 'typeorm';
import { derivedId, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { schedule, unschedule, whenever } from './reaction.js';
import { connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, type JarId, OpenJar, SealJar, SpoilJar } from './testing/jars.js';
import { timer } from './timer.js';
import { dueTimers, setAside } from './timers.js';

const at = (day: number): ReturnType<typeof instant> => instant(`2026-03-${String(day).padStart(2, '0')}T00:00:00Z`);

describe('timers', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 4 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
  });
  beforeEach(() => {
    engine.clock.set('2026-01-31T12:00:00Z');
    engine.reported.length = 0;
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  async function aJar(bucket: number, spoilsOn: number): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId, spoilsAt: at(spoilsOn) });
    return jarId;
  }

  const spoiled = (bucket: number): Promise<{ stream_id: string; at: string; actor: string }[]> =>
    engine.rows(
      `select stream_id, payload->>'at' as at, actor from es.event where bucket = $1 and event_type = 'JarSpoiled' order by pos`,
      [bucket],
    );
  const waiting = (bucket: number): Promise<{ stream_id: string; reason: string | null }[]> =>
    engine.rows(`select stream_id, set_aside_reason as reason from es.timer where bucket = $1 order by due_at`, [bucket]);

  it('fire in the order of their due times, each at its due time, and only when due', async () => {
    const bucket = 1;
    const [third, first, second, later] = [await aJar(bucket, 3), await aJar(bucket, 1), await aJar(bucket, 2), await aJar(bucket, 20)];
    engine.clock.set('2026-03-10T00:00:00Z');
    expect(await engine.timers.bucketsWithWork()).toEqual([bucket]);
    expect(await engine.timers.fireDue(bucket)).toBe(3);
    expect(await spoiled(bucket)).toEqual(
      [first, second, third].map((stream_id, index) => ({ stream_id, at: at(index + 1), actor: 'timer:spoil' })),
    );
    expect(await waiting(bucket)).toEqual([{ stream_id: later, reason: null }]);
    expect(await engine.timers.bucketsWithWork()).toEqual([]);
  });

  it('that are refused are set aside with the reason, while their neighbours fire', async () => {
    const bucket = 2;
    const jars = [await aJar(bucket, 1), await aJar(bucket, 2), await aJar(bucket, 3)];
    // Spoiling it by hand leaves its timer behind, whose command is then refused.
    await engine.send(SpoilJar, { jarId: jars[1]! });
    engine.clock.set('2026-03-10T00:00:00Z');
    await engine.timers.fireDue(bucket);
    expect((await spoiled(bucket)).map(({ stream_id }) => stream_id)).toEqual([jars[1], jars[0], jars[2]]);
    expect(await waiting(bucket)).toEqual([{ stream_id: jars[1], reason: `The jar ${jars[1]} is spoiled.` }]);
    expect(engine.reported).toMatchObject([{ what: 'timer-set-aside', details: { stream: jars[1] } }]);
    expect(await engine.timers.bucketsWithWork()).toEqual([]);
  });

  it('that are set anew after they were set aside fire again', async () => {
    const bucket = 3;
    const jarId = await aJar(bucket, 1);
    await owner.query(`update es.timer set set_aside_at = now(), set_aside_reason = 'it was broken' where stream_id = $1`, [jarId]);
    await engine.send(AddBeads, { jarId, count: 1, spoilsAt: at(2) });
    engine.clock.set('2026-03-10T00:00:00Z');
    expect(await engine.timers.fireDue(bucket)).toBe(1);
    expect(await spoiled(bucket)).toMatchObject([{ stream_id: jarId, at: at(2) }]);
  });

  it('that are set anew while their failure is written down are not set aside', async () => {
    const bucket = 10;
    const jarId = await aJar(bucket, 1);
    await engine.database.transaction(async (sql) => {
      const [timer] = await dueTimers(sql, bucket, at(2), 1);
      await engine.send(AddBeads, { jarId, count: 1, spoilsAt: at(5) });
      for (const statement of setAside(bucket, [{ timer: timer!, reason: 'it failed as it was' }], at(2))) await sql.run(statement);
    });
    expect(await waiting(bucket)).toEqual([{ stream_id: jarId, reason: null }]);
  });

  it('are gone when what they waited for has happened', async () => {
    const bucket = 4;
    const jarId = await aJar(bucket, 1);
    await engine.send(SealJar, { jarId, series: 'T' });
    await engine.send(AddBeads, { jarId: await aJar(bucket, 1), count: 1, spoilsAt: at(30) });
    engine.clock.set('2026-03-10T00:00:00Z');
    expect(await engine.timers.fireDue(bucket)).toBe(0);
    expect(await spoiled(bucket)).toEqual([]);
  });

  it('cancelled by another command while they are being fired do not fire, and the command is not lost', async () => {
    const bucket = 5;
    const jars = await Promise.all(Array.from({ length: 12 }, () => aJar(bucket, 1)));
    engine.clock.set('2026-03-10T00:00:00Z');
    const [fired, ...sealed] = await Promise.all([
      engine.timers.fireDue(bucket),
      ...jars.map((jarId) =>
        engine.send(SealJar, { jarId, series: 'R' }).then(
          () => true,
          (error) => {
            expect(error).toMatchObject({ code: 'jar_sealed' });
            return false;
          },
        ),
      ),
    ]);
    const seals = sealed.filter(Boolean).length;
    expect((await spoiled(bucket)).length).toBe(12 - seals);
    expect(fired).toBeLessThanOrEqual(12);
    expect((await waiting(bucket)).filter(({ reason }) => reason === null)).toEqual([]);
  });

  it('never fire twice when several workers fire at once', async () => {
    const bucket = 6;
    await Promise.all(Array.from({ length: 30 }, () => aJar(bucket, 1)));
    const workers = await Promise.all(
      [1, 2, 3].map(() => Engine.start({ url: testDatabase.url, contexts: [jarsContext], connections: 4 })),
    );
    for (const worker of workers) worker.clock.set('2026-03-10T00:00:00Z');
    const fired = await Promise.all(workers.flatMap((worker) => [worker.timers.fireDue(bucket), worker.timers.fireDue(bucket)]));
    expect(fired.reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(await spoiled(bucket)).toHaveLength(30);
    expect(await waiting(bucket)).toEqual([]);
    expect(workers.flatMap((worker) => worker.reported)).toEqual([]);
    for (const worker of workers) await worker.close();
  });

  it('whose write breaks are set aside alone, and the others of their batch fire', async () => {
    const bucket = 7;
    const engine7 = await Engine.start({ url: testDatabase.url, contexts: [sealingInsteadOfSpoiling()], connections: 4 });
    const jars: JarId[] = [];
    for (let index = 0; index < 5; index += 1) {
      jars.push(newId<'jar'>(bucket));
      await engine7.send(OpenJar, { jarId: jars[index]!, label: `label ${index}`, spoilsAt: at(index + 1) });
    }
    // The second seal of this bucket gets a number that is taken.
    await owner.query(`insert into jars.seal (bucket, id, number) values ($1, $2, 'P7-2')`, [bucket, newId(bucket)]);
    engine7.clock.set('2026-03-10T00:00:00Z');
    expect(await engine7.timers.fireDue(bucket)).toBe(5);
    const set = await waiting(bucket);
    expect(set).toHaveLength(4);
    expect(set.every(({ reason }) => reason?.includes('seal_bucket_number_key'))).toBe(true);
    await owner.query(`delete from jars.seal where bucket = $1 and number = 'P7-2'`, [bucket]);
    await owner.query(`update es.timer set set_aside_at = null, set_aside_reason = null where bucket = $1`, [bucket]);
    expect(await engine7.timers.fireDue(bucket)).toBe(4);
    expect(
      (await owner.query('select number from jars.seal where bucket = $1 order by number', [bucket])).map(
        (row: { number: string }) => row.number,
      ),
    ).toEqual([1, 2, 3, 4, 5].map((number) => `P7-${number}`));
    await engine7.close();
  });

  it('that a fired one sets for a moment already past come before those due after it', async () => {
    const bucket = 8;
    const chained = await Engine.start({ url: testDatabase.url, contexts: [withTimers, beadEachDay], connections: 4 });
    const jarId = newId<'jar'>(bucket);
    await chained.send(OpenJar, { jarId, label: 'chain', spoilsAt: at(4) });
    await chained.send(AddBeads, { jarId, count: 0 });
    chained.clock.set('2026-03-10T00:00:00Z');
    await chained.timers.fireDue(bucket);
    const events = await chained.rows<{ event_type: string; effective_at: Date }>(
      `select event_type, effective_at from es.event where stream_id = $1 and version > 2 order by version`,
      [jarId],
    );
    expect(events.map(({ event_type, effective_at }) => [event_type, effective_at.toISOString()])).toEqual([
      ['BeadsAdded', at(1)],
      ['BeadsAdded', at(2)],
      ['BeadsAdded', at(3)],
      ['JarSpoiled', at(4)],
    ]);
    await chained.close();
  });

  it('that a fired one sets for the very moment of others come in the order of their streams', async () => {
    const bucket = 11;
    const chained = await Engine.start({ url: testDatabase.url, contexts: [withTimers, beadEachDay], connections: 4 });
    const [first, second] = [newId<'jar'>(bucket), newId<'jar'>(bucket)].sort() as [JarId, JarId];
    await chained.send(OpenJar, { jarId: first, label: 'chain', spoilsAt: at(4) });
    await chained.send(AddBeads, { jarId: first, count: 0 });
    await chained.send(OpenJar, { jarId: second, label: 'jam', spoilsAt: at(2) });
    chained.clock.set('2026-03-02T00:00:00Z');
    await chained.timers.fireDue(bucket);
    const events = await chained.rows<{ stream_id: string; event_type: string }>(
      `select stream_id, event_type from es.event where bucket = $1 and effective_at >= $2 order by pos`,
      [bucket, at(1)],
    );
    expect(events.map(({ stream_id, event_type }) => [stream_id, event_type])).toEqual([
      [first, 'BeadsAdded'],
      [first, 'BeadsAdded'],
      [second, 'JarSpoiled'],
    ]);
    await chained.close();
  });

  it('cancelled by one that fires before them in the same batch do not fire', async () => {
    const bucket = 9;
    const jarId = newId<'jar'>(bucket);
    const cancelling = await Engine.start({ url: testDatabase.url, contexts: [withTimers, spoilingCancelsTheNextBead], connections: 4 });
    await cancelling.send(OpenJar, { jarId, spoilsAt: at(1) });
    await cancelling.send(AddBeads, { jarId, count: 1 });
    expect(await waiting(bucket)).toHaveLength(2);
    cancelling.clock.set('2026-03-10T00:00:00Z');
    expect(await cancelling.timers.fireDue(bucket)).toBe(1);
    expect(await waiting(bucket)).toEqual([]);
    expect(cancelling.reported).toEqual([]);
    await cancelling.close();
  });
});

const [jarOpened, beadsAdded, jarSpoiled] = [
  jarsContext.deciders![0]!.events[0]!,
  jarsContext.deciders![0]!.events[1]!,
  jarsContext.deciders![0]!.events[3]!,
];

const bead = timer('bead', AddBeads, { bills: false });
const seal = timer('seal', SealJar, { bills: false });
const withTimers = { ...jarsContext, timers: [...jarsContext.timers!, bead, seal] };

/** Each day's timer sets the next day's, as renewals do. */
const beadEachDay = {
  name: 'bead-each-day',
  reactions: {
    addNext: whenever([beadsAdded], 'with', (event, { effectiveAt }) => {
      const { jarId, count } = event.data as AddBeads['data'];
      const next = count + 1;
      return next > 3 || effectiveAt >= at(4) ? [] : [schedule(bead, jarId, at(next), { jarId, count: next })];
    }),
  },
};

const spoilingCancelsTheNextBead = {
  name: 'spoiling-cancels',
  reactions: {
    addLater: whenever([beadsAdded], 'with', (event) => {
      const { jarId } = event.data as AddBeads['data'];
      return [schedule(bead, jarId, at(2), { jarId, count: 2 })];
    }),
    cancel: whenever([jarSpoiled], 'with', (event) => [unschedule(bead, (event.data as SpoilJar['data']).jarId)]),
  },
};

/** When a jar's time has come it is sealed under a number that a unique key guards. */
function sealingInsteadOfSpoiling(): typeof jarsContext {
  return {
    ...withTimers,
    reactions: {
      sealLater: whenever([jarOpened], 'with', (event) => {
        const { jarId, spoilsAt } = event.data as { jarId: JarId; spoilsAt: ReturnType<typeof instant> };
        return [schedule(seal, derivedId(jarId, 'timer'), spoilsAt, { jarId, series: 'P7' })];
      }),
    },
  };
}
