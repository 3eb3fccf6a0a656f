import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { derivedId, newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { type FinishJob, HopelessJob, JobRunner } from './job-runner.js';
import { type ClaimedJob, LeaseLost } from './jobs.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, type JarId, OpenJar, SealJar, shelfOf, TakeNote } from './testing/jars.js';

/** A worker of another process. */
const another = { worker: 'd9428888-122b-11e1-b85c-61cd3cbb3210', kinds: ['label'] };

type Work = (job: ClaimedJob, finish: FinishJob) => Promise<void>;

describe('jobs', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
  });
  beforeEach(() => owner.query('delete from es.job'));
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  /** A sealed jar asks for its label to be printed. */
  async function aJob(bucket: number): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId });
    await engine.send(SealJar, { jarId, series: `J${bucket}` });
    return jarId;
  }

  function runner(work: Work): JobRunner {
    const made = engine.jobRunner();
    made.register({ kind: 'label', run: work });
    return made;
  }

  const note = (job: ClaimedJob): TakeNote => new TakeNote({ shelfId: shelfOf(job.bucket), note: job.payload.jarId! }, asked);
  const notes = async (bucket: number): Promise<string[]> =>
    (
      await engine.rows<{ note: string }>(`select payload->>'note' as note from es.event where bucket = $1 and event_type = 'NoteTaken'`, [
        bucket,
      ])
    ).map((row) => row.note);
  const job = async (jarId: JarId): Promise<Record<string, unknown> | undefined> =>
    (
      await engine.rows<Record<string, unknown>>('select *, run_at > now() as waits from es.job where id = $1', [derivedId(jarId, 'label')])
    )[0];
  const dueNow = (): Promise<unknown> => owner.query(`update es.job set run_at = now() - interval '1 second'`);
  const leaseOver = (): Promise<unknown> => owner.query(`update es.job set lease_until = now() - interval '1 second'`);

  it('are written with the fact that asks for them, and removed with their effect', async () => {
    const jarId = await aJob(1);
    expect(await job(jarId)).toMatchObject({ state: 'pending', kind: 'label', payload: { jarId }, attempt: 0 });
    const run = runner(async (claimed, finish) => {
      expect(await job(jarId)).toMatchObject({ state: 'leased', attempt: 1 });
      await finish(note(claimed));
    });
    expect(await run.runDue(10)).toBe(1);
    expect(await job(jarId)).toBeUndefined();
    expect(await notes(1)).toEqual([jarId]);
    expect(await run.runDue(10)).toBe(0);
  });

  it('are claimed by one worker only, however many look at once', async () => {
    const jars = await Promise.all(Array.from({ length: 20 }, () => aJob(2)));
    const runners = Array.from({ length: 6 }, () => runner(async (claimed, finish) => void (await finish(note(claimed)))));
    const counts = await Promise.all(runners.map((each) => each.runDue(5)));
    counts.push(await runners[0]!.runDue(50));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20);
    expect((await notes(2)).sort()).toEqual(jars.sort());
  });

  it('are run one for each ring: a ring for what is done already is for the next one of its lane', async () => {
    const jars = [await aJob(12), await aJob(13), await aJob(14)];
    const run = runner(async (claimed, finish) => void (await finish(note(claimed))));
    const rungFor = { bucket: 13, id: derivedId(jars[1]!, 'label') };
    const ring = () => run.runOne('other', rungFor);
    const left = async () => (await Promise.all(jars.map(job))).map((row) => row !== undefined);
    await ring();
    expect(await left()).toEqual([true, false, true]);
    await ring();
    expect(await left()).toEqual([false, false, true]);
    await run.runOne('gateway', rungFor);
    expect(await left()).toEqual([false, false, true]);
    // Of a ring whose data are lost nothing is known but its lane.
    await run.runOne('other', null);
    await run.runOne('other', null);
    expect(await left()).toEqual([false, false, false]);
  });

  it('stay as they are when their effect is refused, and are tried again', async () => {
    const jarId = await aJob(3);
    const refused = newId<'jar'>(3);
    await runner(async (_, finish) => void (await finish(new AddBeads({ jarId: refused, count: 1 }, asked)))).runDue(1);
    expect(await job(jarId)).toMatchObject({
      state: 'pending',
      attempt: 1,
      waits: true,
      last_error: `There is no jar ${refused}.`,
      leased_by: null,
    });
  });

  it('that fail are tried again later and later', async () => {
    const jarId = await aJob(4);
    const failing = runner(() => Promise.reject(new Error('The printer is out of paper.')));
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await failing.runDue(1)).toBe(1);
      expect(await failing.runDue(1)).toBe(0);
      const [row] = await engine.rows<{ pause: number }>(`select extract(epoch from run_at - now())::float8 as pause from es.job`);
      pauses.push(row!.pause);
      await dueNow();
    }
    expect(await job(jarId)).toMatchObject({ attempt: 3, last_error: 'The printer is out of paper.' });
    expect(pauses[1]!).toBeGreaterThan(pauses[0]!);
    expect(pauses[2]!).toBeGreaterThan(pauses[1]!);
    expect(engine.reported.filter(({ what }) => what === 'job-failed').length).toBeGreaterThanOrEqual(3);
  });

  it('of a kind that this version does not know wait for a worker that does', async () => {
    const jarId = await aJob(5);
    expect(await engine.jobRunner().runDue(1)).toBe(0);
    expect(await job(jarId)).toMatchObject({ state: 'pending', attempt: 0 });
    expect(await runner(async (claimed, finish) => void (await finish(note(claimed)))).runDue(1)).toBe(1);
  });

  it('that can never succeed are put aside as dead with the reason, and not tried again', async () => {
    const jarId = await aJob(9);
    const hopeless = runner(() => Promise.reject(new HopelessJob('There is no such printer.')));
    await hopeless.runDue(1);
    expect(await job(jarId)).toMatchObject({ state: 'dead', last_error: 'There is no such printer.', leased_by: null });
    await dueNow();
    expect(await hopeless.runDue(1)).toBe(0);
  });

  it('that take longer than any may are given up, and finish no more', async () => {
    const jarId = await aJob(10);
    let finishLate: () => Promise<unknown> = () => Promise.resolve();
    const stuck = new JobRunner(engine.jobStore, engine.executor, engine.incidents, {
      leaseMs: 60_000,
      heartbeatMs: 20_000,
      longestRunMs: 30,
    });
    stuck.register({
      kind: 'label',
      run: (claimed, finish) => {
        finishLate = () => finish(note(claimed));
        return new Promise(() => {});
      },
    });
    await stuck.runDue(1);
    expect(await job(jarId)).toMatchObject({ state: 'pending', last_error: 'The job was given up after 30 ms.' });
    await expect(finishLate()).rejects.toThrow(LeaseLost);
    expect(await notes(10)).toEqual([]);
  });

  it('that a stopping worker still holds are given back at once, and finish no more there', async () => {
    const jarId = await aJob(11);
    let finishLate: () => Promise<unknown> = () => Promise.resolve();
    let begun = (_: unknown): void => {};
    const isRunning = new Promise((resolve) => {
      begun = resolve;
    });
    const stopping = runner((claimed, finish) => {
      finishLate = () => finish(note(claimed));
      begun(null);
      return new Promise(() => {});
    });
    void stopping.runDue(1);
    await isRunning;
    await stopping.stop(20);
    expect(await job(jarId)).toMatchObject({ state: 'pending', leased_by: null, waits: false });
    expect(await stopping.runDue(1)).toBe(0);
    await expect(finishLate()).rejects.toThrow(LeaseLost);
  });

  it('of a worker that died are claimed again once its lease is over, not before', async () => {
    const jarId = await aJob(6);
    await engine.jobStore.claim({ ...another, leaseMs: 60_000, limit: 1 });
    const other = runner(async (claimed, finish) => void (await finish(note(claimed))));
    expect(await other.runDue(1)).toBe(0);
    await leaseOver();
    expect(await other.runDue(1)).toBe(1);
    expect(await notes(6)).toEqual([jarId]);
  });

  it('claimed by another worker meanwhile leave no effect of the first', async () => {
    const jarId = await aJob(7);
    const errors: unknown[] = [];
    const slow = runner(async (claimed, finish) => {
      await leaseOver();
      const [again] = await engine.jobStore.claim({ ...another, leaseMs: 60_000, limit: 1 });
      expect(again).toMatchObject({ id: claimed.id, attempt: 2 });
      await finish(note(claimed)).catch((error) => {
        errors.push(error);
        throw error;
      });
    });
    await slow.runDue(1);
    expect(errors).toEqual([expect.any(LeaseLost)]);
    expect(await notes(7)).toEqual([]);
    expect(await job(jarId)).toMatchObject({ state: 'leased', attempt: 2 });
  });

  it('keep their lease as long as their worker is at it', async () => {
    await aJob(8);
    const [claimed] = await engine.jobStore.claim({ ...another, leaseMs: 200, limit: 1 });
    for (let beat = 0; beat < 5; beat += 1) {
      await sleep(80);
      expect(await engine.jobStore.heartbeat(claimed!, 200)).toBe(true);
      expect(await engine.jobStore.claimOne(claimed!.bucket, claimed!.id, { ...another, leaseMs: 200 })).toBeNull();
    }
    await sleep(250);
    const other = await engine.jobStore.claimOne(claimed!.bucket, claimed!.id, { ...another, leaseMs: 200 });
    expect(other).toMatchObject({ id: claimed!.id });
    expect(await engine.jobStore.heartbeat(claimed!, 200)).toBe(false);
  });
});
