import type { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, type JarId, OpenJar } from './testing/jars.js';
import { seeing } from './testing/seeing.js';
import { type Finding, verifyChains } from './verify-chains.js';

const BUCKET = 77;
/** Its events are at positions 3, 5, 7 and 9 (version 1 to 4), other jars' around it. */
let jarId: JarId;

describe('the verifier', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let engine: Engine;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    engine = await Engine.start({ url: testDatabase.url, contexts: [{ ...jarsContext, reactions: {} }], connections: 4 });
    const [other, jar] = [newId<'jar'>(BUCKET), newId<'jar'>(BUCKET)];
    jarId = jar;
    await engine.send(OpenJar, { jarId: other });
    await engine.send(AddBeads, { jarId: other, count: 1 });
    await engine.send(OpenJar, { jarId }, { causationId: newId(BUCKET) });
    for (let count = 2; count < 5; count += 1) {
      await engine.send(AddBeads, { jarId: other, count });
      await engine.send(AddBeads, { jarId, count });
    }
    await engine.send(AddBeads, { jarId: other, count: 5 });
    for (let bucket = 0; bucket < 8; bucket += 1) await engine.send(OpenJar, { jarId: newId<'jar'>(bucket) });
  });
  afterAll(async () => {
    await engine.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  /** As the superuser, with the guards off; taken back by the second statement, so that each case stands alone. */
  async function tampered(change: string, values: unknown[] = []): Promise<readonly Finding[]> {
    const guards = (state: string): Promise<unknown> =>
      owner.query(Array.from({ length: 8 }, (_, part) => `alter table es.event_${part} ${state}`).join(';'));
    await owner.query('create table copy as select * from es.event');
    await guards('disable trigger all');
    try {
      const [, changed] = await owner.query(change, values);
      expect(changed).toBe(1);
      return (await verifyChains(engine.database, { buckets: [BUCKET] })).findings;
    } finally {
      await owner.query('delete from es.event');
      await owner.query('insert into es.event select * from copy; drop table copy');
      await guards('enable trigger all');
    }
  }

  it('finds nothing in a log as it was appended', async () => {
    expect(await verifyChains(engine.database)).toEqual({ events: 18, streams: 10, findings: [] });
  });

  it.each([
    ['payload', `payload = '{"jarId":"x","count":4}'`],
    ['payload, to the same JSON in other bytes', `payload = (payload::text || ' ')::json`],
    ['stream_type', `stream_type = 'shelf'`],
    ['event_type', `event_type = 'JarBroken'`],
    ['event_id', `event_id = gen_random_uuid()`],
    ['schema_version', 'schema_version = 2'],
    ['correlation_id', `correlation_id = 'another'`],
    ['causation_id', 'causation_id = gen_random_uuid()'],
    ['actor', `actor = 'someone else'`],
    ['account_id', 'account_id = stream_id'],
    ['origin', `origin = '{"key":"stolen"}'`],
    ['effective_at', `effective_at = effective_at + interval '1 millisecond'`],
    ['effective_at, by less than it is kept to', `effective_at = effective_at + interval '1 microsecond'`],
    ['effective_at, to no time at all', `effective_at = 'infinity'`],
  ])('locates a change of %s', async (_, change) => {
    expect(await tampered(`update es.event set ${change} where bucket = $1 and stream_id = $2 and version = 2`, [BUCKET, jarId])).toEqual([
      { bucket: BUCKET, position: 5n, streamId: jarId, version: 2, wrong: 'the columns, the payload or the hash have been changed' },
    ]);
  });

  it('says where a hash is of a scheme that it does not know, which nobody can change unseen', async () => {
    const findings = await tampered(`update es.event set hash_scheme = 2 where bucket = $1 and stream_id = $2 and version = 2`, [
      BUCKET,
      jarId,
    ]);
    expect(findings).toMatchObject([{ position: 5n, version: 2, wrong: 'the hash scheme 2 is not one that this version knows' }]);
  });

  it('locates a changed hash, after which the next event does not follow', async () => {
    const findings = await tampered(`update es.event set hash = sha256(hash) where bucket = $1 and stream_id = $2 and version = 2`, [
      BUCKET,
      jarId,
    ]);
    expect(findings.map(({ position, version }) => [position, version])).toEqual([
      [5n, 2],
      [7n, 3],
    ]);
  });

  it('locates an event that was removed', async () => {
    expect(await tampered('delete from es.event where bucket = $1 and pos = 5', [BUCKET])).toEqual([
      { bucket: BUCKET, position: 5n, streamId: null, version: null, wrong: 'position 5 is missing' },
      { bucket: BUCKET, position: 7n, streamId: jarId, version: 3, wrong: 'version 2 is missing before this event' },
    ]);
  });

  it('locates events that were moved to another place', async () => {
    const findings = await tampered('update es.event set version = 9 where bucket = $1 and stream_id = $2 and version = 4', [
      BUCKET,
      jarId,
    ]);
    expect(findings).toMatchObject([
      { position: 9n, version: 9, wrong: 'version 4 is missing before this event' },
      { version: 4, wrong: 'a state is kept of version 4, which is not in the log' },
    ]);
  });

  it('finds a cut tail by what else remembers it', async () => {
    await engine.reader(seeing('a reader')).drain();
    const findings = await tampered('delete from es.event where bucket = $1 and pos = 10', [BUCKET]);
    expect(findings.map(({ wrong }) => wrong)).toEqual([
      'the log ends here, but has been read up to position 10',
      'a state is kept of version 6, which is not in the log',
    ]);
  });

  it('reads on beside writers', async () => {
    let writing = true;
    const writer = (async () => {
      for (let count = 0; writing; count += 1) await engine.send(AddBeads, { jarId, count }, asked);
    })();
    for (let round = 0; round < 20; round += 1) expect((await verifyChains(engine.database, { buckets: [BUCKET] })).findings).toEqual([]);
    writing = false;
    await writer;
  });
});
