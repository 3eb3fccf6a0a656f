import type { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { Answer, CommandMeta, Outcome } from './command.js';
import type { Sql } from './sql.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, type JarId, OpenJar } from './testing/jars.js';

describe('a command with an idempotency key', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [jarsContext] });
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  const answer = async (sql: Sql, outcome: Outcome): Promise<Answer> => ({
    status: 201,
    headers: { etag: `"${outcome.version}"` },
    body: await sql.query('select id, beads, version from jars.jar_details where id = $1', [outcome.streamId]),
  });
  const keyed = (key: string, requestHash = 'the request'): Partial<CommandMeta> => ({ idempotency: { key, requestHash }, answer });
  const beads = async (jarId: JarId): Promise<number> =>
    (await engine.rows(`select 1 from es.event where stream_id = $1 and event_type = 'BeadsAdded'`, [jarId])).length;
  const keys = (like: string): Promise<object[]> => engine.rows('select key from es.command where key like $1', [like]);

  async function aJar(bucket?: number): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await engine.send(OpenJar, { jarId });
    return jarId;
  }

  it('sent 50 times at once has one effect and 50 equal answers', async () => {
    const jarId = await aJar();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => engine.send(AddBeads, { jarId, count: 7 }, keyed('fifty'))));
    expect(await beads(jarId)).toBe(1);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome.answer)))).toEqual(
      new Set([JSON.stringify({ status: 201, headers: { etag: '"2"' }, body: [{ id: jarId, beads: 7, version: '2' }] })]),
    );
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('where without a key each of them counts', async () => {
    const jarId = await aJar();
    await Promise.all(Array.from({ length: 5 }, () => engine.send(AddBeads, { jarId, count: 7 })));
    expect(await beads(jarId)).toBe(5);
  });

  it('gets the first answer again, however the resource has changed since', async () => {
    const jarId = await aJar();
    const first = await engine.send(AddBeads, { jarId, count: 1 }, keyed('again'));
    await engine.send(AddBeads, { jarId, count: 2 });
    const second = await engine.send(AddBeads, { jarId, count: 1 }, keyed('again'));
    expect(second).toMatchObject({ replayed: true, answer: first.answer });
    expect(await beads(jarId)).toBe(2);
  });

  it('is refused when the key belongs to another request', async () => {
    const jarId = await aJar();
    await engine.send(AddBeads, { jarId, count: 1 }, keyed('reused'));
    await expect(engine.send(AddBeads, { jarId, count: 2 }, keyed('reused', 'another request'))).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await beads(jarId)).toBe(1);
  });

  it('leaves no key behind when it is refused, and may be sent again', async () => {
    const jarId = newId<'jar'>();
    await expect(engine.send(AddBeads, { jarId, count: 1 }, keyed('refused'))).rejects.toMatchObject({ code: 'jar_unknown' });
    expect(await keys('refused')).toEqual([]);
    await engine.send(OpenJar, { jarId });
    expect(await engine.send(AddBeads, { jarId, count: 1 }, keyed('refused'))).toMatchObject({ replayed: false });
    expect(await keys('refused')).toHaveLength(1);
  });

  it('leaves no key behind when it is refused among others that are done', async () => {
    const jarId = await aJar(9);
    const unknown = newId<'jar'>(9);
    const commands = [jarId, unknown, jarId].map(
      (id, index) => new AddBeads({ jarId: id, count: index + 1 }, { ...asked, ...keyed(`batch/${index}`) }),
    );
    const results = await engine.executor.inTransaction(9, (transaction) => engine.executor.executeIn(transaction, commands));
    expect(results.map((result) => ('error' in result ? 'refused' : result.outcome.version))).toEqual([2, 'refused', 3]);
    expect(await keys('batch/%')).toEqual([{ key: 'batch/0' }, { key: 'batch/2' }]);
  });

  it('waits for an equal request that is still running, and does it when that one is taken back', async () => {
    const jarId = await aJar();
    let release = (_: unknown): void => {};
    const held = new Promise((resolve) => {
      release = resolve;
    });
    let running = (_: unknown): void => {};
    const isRunning = new Promise((resolve) => {
      running = resolve;
    });
    const first = engine.send(
      AddBeads,
      { jarId, count: 1 },
      {
        ...keyed('held'),
        answer: async () => {
          running(null);
          await held;
          throw new Error('taken back');
        },
      },
    );
    await isRunning;
    const second = engine.send(AddBeads, { jarId, count: 1 }, keyed('held'));
    const early = await Promise.race([second.then(() => 'answered'), new Promise((resolve) => setTimeout(() => resolve('waiting'), 50))]);
    release(null);
    await expect(first).rejects.toThrow('taken back');
    expect(early).toBe('waiting');
    expect(await second).toMatchObject({ replayed: false });
    expect(await beads(jarId)).toBe(1);
  });

  it('is told that the first request still runs, where the wait is limited', async () => {
    const jarId = await aJar();
    const hurried = await Engine.start({ url: testDatabase.url, contexts: [jarsContext], connections: 1 });
    await hurried.rows(`set lock_timeout = '50ms'`);
    const refused = engine.send(
      AddBeads,
      { jarId, count: 1 },
      {
        ...keyed('busy'),
        answer: async () => {
          const outcome = hurried.send(AddBeads, { jarId, count: 1 }, keyed('busy'));
          await expect(outcome).rejects.toMatchObject({ code: 'idempotency_key_in_use', kind: 'in-progress' });
          return { status: 200, headers: {}, body: null };
        },
      },
    );
    await refused;
    await hurried.close();
    expect(await beads(jarId)).toBe(1);
  });
});
