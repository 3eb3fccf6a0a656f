import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { derivedId, hashedId, type Id, newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { type AnyCommand, Command } from './command.js';
import { on } from './decider.js';
import { DomainEvent } from './domain-event.js';
import { whenever } from './reaction.js';
import { asked, connect, Engine } from './testing/engine.js';
import { JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, BreakJar, type JarId, JarOpened, LimitShelf, OpenJar, SealJar, SpoilJar, shelfOf } from './testing/jars.js';
import type { ContextDefinition } from './vocabulary.js';

class Call extends Command('Call')<{ readonly jarId: JarId; readonly times: number }> {}
class Called extends DomainEvent('Called')<{ readonly jarId: JarId; readonly times: number }> {}

/** Calls back as often as it was asked to. */
const echo: ContextDefinition = {
  name: 'echo',
  deciders: [
    {
      category: 'echo',
      events: [Called],
      accountOf: () => null,
      initialState: null,
      evolve: () => null,
      decisions: [on(Call, { stream: ({ jarId }) => jarId, decide: (data) => [new Called(data)] })],
    },
  ],
  reactions: {
    callBack: whenever([Called], 'with', ({ data }) => (data.times > 0 ? [new Call({ ...data, times: data.times - 1 })] : [])),
  },
};

class PackJar extends Command('PackJar')<{ readonly jarId: JarId; readonly hasBox?: boolean }> {}
class JarPacked extends DomainEvent('JarPacked')<{ readonly jarId: JarId }> {}

const boxOf = (jarId: JarId): Id<'box'> => derivedId(jarId, 'box');

/** A jar is packed as it is opened, into a box of its own, and once. */
const boxes: ContextDefinition = {
  name: 'boxes',
  deciders: [
    {
      category: 'box',
      events: [JarPacked],
      accountOf: () => null,
      initialState: 'empty',
      evolve: () => 'packed',
      decisions: [
        on(PackJar, {
          stream: ({ jarId }) => boxOf(jarId),
          begins: true,
          decide: ({ jarId, hasBox = true }, box) => {
            if (box === 'packed') return [];
            if (!hasBox) throw new Error(`There is no box for ${jarId}.`);
            return [new JarPacked({ jarId })];
          },
        }),
      ],
    },
  ],
  reactions: {
    packJar: whenever([JarOpened], 'with', ({ data: { jarId, label } }) =>
      label === 'packed' || label === 'unpackable' ? [new PackJar({ jarId, hasBox: label === 'packed' })] : [],
    ),
  },
};

describe('a batch', () => {
  const engines: Engine[] = [];
  const owners: DataSource[] = [];
  const databases: TestDatabase[] = [];

  beforeAll(async () => {
    for (let index = 0; index < 2; index += 1) {
      const testDatabase = await createTestDatabase();
      const owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
      await owner.query(JAR_TABLES);
      databases.push(testDatabase);
      owners.push(owner);
      engines.push(await Engine.start({ url: testDatabase.url, contexts: [jarsContext, echo, boxes], connections: 4 }));
    }
  });
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    for (const owner of owners) await owner.destroy();
    for (const testDatabase of databases) await testDatabase.drop();
  });

  const together = async (engine: Engine, bucket: number, commands: readonly AnyCommand[]): Promise<string[]> => {
    const results = await engine.executor
      .inTransaction(bucket, (transaction) => engine.executor.executeIn(transaction, commands))
      .catch((error) => [{ error }]);
    return results.map((result) => ('error' in result ? result.error.message : `version ${result.outcome.version}`));
  };

  const oneByOne = async (engine: Engine, bucket: number, commands: readonly AnyCommand[]): Promise<string[]> => {
    const results: string[] = [];
    for (const command of commands) results.push(...(await together(engine, bucket, [command])));
    return results;
  };

  const contents = async (engine: Engine, bucket: number): Promise<object> => ({
    events: await engine.rows(
      `select pos, stream_id, version, event_id, event_type, payload::text, causation_id, effective_at, encode(hash, 'hex') as hash
         from es.event where bucket = $1 order by pos`,
      [bucket],
    ),
    jars: await engine.rows('select * from jars.jar_details where bucket = $1 order by id', [bucket]),
    seals: await engine.rows('select * from jars.seal where bucket = $1 order by id', [bucket]),
    kept: await engine.rows(
      `select stream_id, version, encode(hash, 'hex') as hash, state::text from es.stream_state where bucket = $1 order by 1`,
      [bucket],
    ),
    timers: await engine.rows('select name, stream_id, due_at, causation_id from es.timer where bucket = $1 order by 1, 2', [bucket]),
    jobs: await engine.rows('select id, kind, payload::text from es.job where bucket = $1 order by id', [bucket]),
  });

  const commandsOn = (run: string, bucket: number) => {
    const jarId = fc.integer({ min: 1, max: 4 }).map((jar) => hashedId<'jar'>(`${run}/${jar}`, bucket));
    const spoilsAt = fc.constantFrom(undefined, '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z');
    return fc.oneof(
      { weight: 4, arbitrary: fc.record({ jarId, spoilsAt }).map((data) => new OpenJar(data as OpenJar['data'], asked)) },
      { weight: 3, arbitrary: fc.record({ jarId, count: fc.nat(9) }).map((data) => new AddBeads(data, asked)) },
      { weight: 2, arbitrary: jarId.map((jarId) => new SealJar({ jarId, series: `S${bucket}` }, asked)) },
      jarId.map((jarId) => new SpoilJar({ jarId }, asked)),
      jarId.map((jarId) => new BreakJar({ jarId }, asked)),
      { weight: 2, arbitrary: fc.nat(4).map((places) => new LimitShelf({ shelfId: shelfOf(bucket), places }, asked)) },
      jarId.map((jarId) => new Call({ jarId: hashedId<'jar'>(`echo/${jarId}`, bucket), times: 2 }, asked)),
    );
  };

  it('has the result of its commands one by one', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (generate) => {
        run += 1;
        // Shrinking tries again, so the ids are new each time; the two databases get the same.
        const bucket = run % 256;
        const commands = generate(fc.array, commandsOn(`run ${run}`, bucket), { minLength: 1, maxLength: 14 });
        const [one, other] = [await together(engines[0]!, bucket, commands), await oneByOne(engines[1]!, bucket, commands)];
        expect(one).toEqual(other);
        expect(await contents(engines[0]!, bucket)).toEqual(await contents(engines[1]!, bucket));
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  it('is told from another order of the same commands by these comparisons', async () => {
    const bucket = 254;
    const jars = [1, 2].map((jar) => hashedId<'jar'>(`order/${jar}`, bucket));
    const commands = jars.map((jarId) => new OpenJar({ jarId }, asked));
    await together(engines[0]!, bucket, commands);
    await oneByOne(engines[1]!, bucket, commands.toReversed());
    expect(await contents(engines[0]!, bucket)).not.toEqual(await contents(engines[1]!, bucket));
  });

  it('ends before a command whose stream is reached by what follows from an earlier one', async () => {
    const bucket = 253;
    const [engine] = engines as [Engine];
    const jarId = newId<'jar'>(bucket);
    // Decided in rounds, the limit would come before the jar is shelved, and the first command would be refused for the second.
    const results = await together(engine, bucket, [
      new OpenJar({ jarId }, asked),
      new LimitShelf({ shelfId: shelfOf(bucket), places: 0 }, asked),
    ]);
    expect(results).toEqual(['version 1', 'version 2']);
    expect(
      (await engine.rows('select event_type from es.event where bucket = $1 order by pos', [bucket])).map((row) => Object.values(row)[0]),
    ).toEqual(['JarOpened', 'JarShelved', 'ShelfLimited']);
  });

  describe('whose follow-ups begin streams', () => {
    const bucket = 249;
    const jars = (count: number): JarId[] => Array.from({ length: count }, () => newId<'jar'>(bucket));
    const packed = (jarIds: readonly JarId[]) => jarIds.map((jarId) => new OpenJar({ jarId, label: 'packed' }, asked));
    const looks = (engine: Engine, jarId: JarId): boolean[] =>
      jest.mocked(engine.store.load).mock.calls.map(([, , wanted]) => wanted.has(boxOf(jarId)));
    const packings = async (engine: Engine, jarIds: readonly JarId[]): Promise<number> =>
      (await engine.rows('select 1 from es.event where stream_id = any($1::uuid[])', [jarIds.map(boxOf)])).length;

    beforeEach(() => {
      jest.spyOn(engines[0]!.store, 'load');
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('takes these for new without a look', async () => {
      const [engine] = engines as [Engine];
      const [jarId] = jars(1) as [JarId];
      expect(await together(engine, bucket, packed([jarId]))).toEqual(['version 1']);
      expect(looks(engine, jarId)).toEqual([false, false]);
      expect(await packings(engine, [jarId])).toBe(1);
    });

    it('decides all of it again after a look where one was there already', async () => {
      const [engine] = engines as [Engine];
      const [first, second, third] = jars(3) as [JarId, JarId, JarId];
      await engine.send(PackJar, { jarId: second });
      jest.mocked(engine.store.load).mockClear();
      expect(await together(engine, bucket, packed([first, second, third]))).toEqual(['version 1', 'version 1', 'version 1']);
      expect(looks(engine, second)).toContain(true);
      expect(await packings(engine, [first, second, third])).toBe(3);
    });

    it('looks before it refuses', async () => {
      const [engine] = engines as [Engine];
      const [jarId] = jars(1) as [JarId];
      await engine.send(PackJar, { jarId });
      const unpackable = (id: JarId) => new OpenJar({ jarId: id, label: 'unpackable' }, asked);
      expect(await together(engine, bucket, [unpackable(jarId)])).toEqual(['version 1']);
      const [other] = jars(1) as [JarId];
      expect(await together(engine, bucket, [unpackable(other)])).toEqual([`There is no box for ${other}.`]);
      expect(await packings(engine, [jarId, other])).toBe(1);
    });
  });

  describe('with reactions that settle with the fact', () => {
    it('writes fact and reaction in one transaction, the reaction caused by the fact', async () => {
      const [engine] = engines as [Engine];
      const jarId = newId<'jar'>(252);
      const { events } = await engine.send(OpenJar, { jarId, spoilsAt: engine.clock.now() }, { correlationId: 'why' });
      expect(events.map(({ event, meta }) => [event.type, meta.streamId, meta.correlationId, meta.causationId])).toEqual([
        ['JarOpened', jarId, 'why', null],
        ['JarShelved', shelfOf(252), 'why', events[0]!.meta.eventId],
      ]);
      const transactions = await engine.rows('select distinct xmin::text from es.event where bucket = 252');
      expect(transactions).toHaveLength(1);
      expect(await engine.rows('select name, command from es.timer where stream_id = $1', [jarId])).toEqual([
        { name: 'spoil', command: 'SpoilJar' },
      ]);
    });

    it('takes the fact back when a reaction refuses', async () => {
      const bucket = 251;
      const [engine] = engines as [Engine];
      const jarId = newId<'jar'>(bucket);
      await engine.send(LimitShelf, { shelfId: shelfOf(bucket), places: 0 });
      await expect(engine.send(OpenJar, { jarId, spoilsAt: engine.clock.now() })).rejects.toMatchObject({ code: 'shelf_full' });
      expect(await contents(engine, bucket)).toMatchObject({ jars: [], timers: [], events: [{ event_type: 'ShelfLimited' }] });
    });

    it('ends with an error when they do not end', async () => {
      const [engine] = engines as [Engine];
      await expect(engine.send(Call, { jarId: newId<'jar'>(250), times: 1_000 })).rejects.toThrow(
        'Reactions do not end: Call is the 8th in a row.',
      );
      expect(await contents(engine, 250)).toMatchObject({ events: [] });
      expect((await engine.send(Call, { jarId: newId<'jar'>(250), times: 7 })).events).toHaveLength(8);
    });
  });
});
