import { Global, Injectable, Logger, Module } from '@nestjs/common';
import { EventBus, Saga } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { map, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { CommandBus } from './command-bus.js';
import { type DurableReader, stoppedBuckets } from './durable-reader.js';
import { EventSourcingModule, RELAY_READER } from './event-sourcing.module.js';
import { MasterKeys } from './master-keys.js';
import { whenever } from './reaction.js';
import { Database } from './sql.js';
import { asked, connect } from './testing/engine.js';
import { cracked, JAR_TABLES, jarsContext } from './testing/jars.context.js';
import { AddBeads, BeadsAdded, type JarId, LimitShelf, OpenJar, ShelveJar, shelfOf, TakeNote } from './testing/jars.js';
import type { ContextDefinition } from './vocabulary.js';

/** Its command may be refused: the shelf of the bucket after the jar's may be full. */
const shelving: ContextDefinition = {
  name: 'shelving',
  reactions: {
    shelveNextDoor: whenever([BeadsAdded], 'after', ({ data }, { bucket }) => [
      new ShelveJar({ shelfId: shelfOf(bucket + 1), jarId: data.jarId }),
    ]),
  },
};

/** What Nest does with a saga by itself: its first throw is its last. */
@Injectable()
class BareSaga {
  static handled = 0;

  @Saga()
  bare = (events$: Observable<object>): Observable<never> =>
    events$.pipe(
      map(() => {
        BareSaga.handled += 1;
        throw new Error('thrown by a bare saga');
      }),
    );
}

describe('the relay', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;
  let module: TestingModule;
  let bus: CommandBus;
  let reader: DurableReader;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
    await owner.query(JAR_TABLES);
    const dataSource = await connect({ url: testDatabase.url });

    @Global()
    @Module({
      providers: [
        { provide: DataSource, useValue: dataSource },
        { provide: MasterKeys, useValue: new MasterKeys([Buffer.alloc(32, 'spec')]) },
      ],
      exports: [DataSource, MasterKeys],
    })
    class ConnectionModule {}

    module = await Test.createTestingModule({
      imports: [
        ConnectionModule,
        EventSourcingModule.forRoot(),
        EventSourcingModule.forContext(jarsContext),
        EventSourcingModule.forContext(shelving),
      ],
      providers: [BareSaga],
    }).compile();
    await module.init();
    // What the bare saga throws is expected, and need not be printed.
    Logger.overrideLogger(false);
    bus = module.get(CommandBus);
    reader = module.get(RELAY_READER);
    database = module.get(Database);
  });
  afterAll(async () => {
    await module.get(DataSource).destroy();
    await module.close();
    await owner.destroy();
    await testDatabase.drop();
  });

  async function openJar(bucket: number, label: string): Promise<JarId> {
    const jarId = newId<'jar'>(bucket);
    await bus.execute(new OpenJar({ jarId, label }, { ...asked, correlationId: label }));
    return jarId;
  }

  const notesAbout = async (...jars: JarId[]): Promise<string[]> => {
    const rows = await database.query<{ note: string }>(
      `select payload->>'note' as note from es.event where event_type = 'NoteTaken' and right(payload->>'note', 36) = any($1) order by bucket, pos`,
      [jars],
    );
    return rows.map(({ note }) => note);
  };
  const bothNotes = (...jars: JarId[]): string[] => jars.flatMap((jarId) => [`first ${jarId}`, `second ${jarId}`]);
  const positions = (bucket: number): Promise<object[]> =>
    database.query(
      `select pos from es.checkpoint where reader = 'relay' and bucket = $1 and pos = (select max(pos) from es.event where bucket = $1)`,
      [bucket],
    );

  it('runs what follows from a committed event, in another bucket, and says why', async () => {
    const jarId = await openJar(10, 'noted 1');
    expect(await notesAbout(jarId)).toEqual([]);
    await reader.drain();
    expect(await notesAbout(jarId)).toEqual(bothNotes(jarId));
    const [cause] = await database.query<{ event_id: string }>(`select event_id from es.event where stream_id = $1`, [jarId]);
    const caused = await database.query(
      `select correlation_id, causation_id, actor from es.event where bucket = 11 and event_type = 'NoteTaken'`,
    );
    expect(caused).toEqual([1, 2].map(() => ({ correlation_id: 'noted 1', causation_id: cause!.event_id, actor: 'spec' })));
  });

  it('runs it once, however often the event is delivered', async () => {
    const jars = [await openJar(20, 'noted 2'), await openJar(20, 'noted 3')];
    await reader.drain();
    for (let again = 0; again < 3; again += 1) {
      await owner.query(`update es.checkpoint set pos = 0 where reader = 'relay' and bucket = 20`);
      await reader.drain([20]);
    }
    expect(await notesAbout(...jars)).toEqual(bothNotes(...jars));
    // The keys are what keeps it from running again.
    await owner.query(`update es.checkpoint set pos = 0 where reader = 'relay' and bucket = 20`);
    await owner.query(`delete from es.command where key like 'relay/%'`);
    await reader.drain([20]);
    expect(await notesAbout(...jars)).toHaveLength(8);
  });

  it('stops the bucket of an event whose saga throws, visibly, and no other; goes on after the repair', async () => {
    const before = [await openJar(30, 'noted before'), await openJar(30, 'noted, too')];
    await openJar(30, 'cracked');
    const after = await openJar(30, 'noted after');
    const elsewhere = await openJar(40, 'noted elsewhere');
    cracked.labels.add('cracked');
    for (let tries = 0; tries < 3; tries += 1) await reader.drain([30, 40]);

    expect(await notesAbout(...before)).toEqual(bothNotes(...before));
    expect(await notesAbout(after)).toEqual([]);
    expect(await notesAbout(elsewhere)).toEqual(bothNotes(elsewhere));
    expect(await stoppedBuckets(database)).toMatchObject([
      {
        reader: 'relay',
        bucket: 30,
        position: 5n,
        failures: 3,
        error: 'JarOpened at position 5 of bucket 30: The jar labelled cracked is cracked.',
      },
    ]);
    expect(await positions(30)).toEqual([]);

    cracked.labels.clear();
    await reader.drain([30]);
    expect(await notesAbout(...before, after)).toEqual(bothNotes(...before, after));
    expect(await stoppedBuckets(database)).toEqual([]);
    expect(await positions(30)).toHaveLength(1);
  });

  it('stops the bucket of an event whose command is refused, those before it done, and goes on when it is accepted', async () => {
    const jarId = await openJar(50, 'plain');
    const shelved = (): Promise<object[]> => database.query(`select 1 from es.event where bucket = 51 and event_type = 'JarShelved'`);
    await bus.execute(new LimitShelf({ shelfId: shelfOf(51), places: 1 }, asked));
    await bus.execute(new AddBeads({ jarId, count: 1 }, asked));
    await bus.execute(new AddBeads({ jarId, count: 2 }, asked));
    await reader.drain();
    expect(await stoppedBuckets(database)).toMatchObject([
      { reader: 'relay', bucket: 50, position: 4n, error: 'BeadsAdded at position 4 of bucket 50: The shelf has 1 places.' },
    ]);
    expect(await shelved()).toHaveLength(1);
    await bus.execute(new LimitShelf({ shelfId: shelfOf(51), places: 2 }, asked));
    await reader.drain([50]);
    expect(await stoppedBuckets(database)).toEqual([]);
    expect(await shelved()).toHaveLength(2);
  });

  it('keeps its sagas alive where a bare one of Nest has died of its first throw', async () => {
    expect(BareSaga.handled).toBe(1);
    module.get(EventBus).publish(new TakeNote({ shelfId: shelfOf(1), note: 'anything' }));
    expect(BareSaga.handled).toBe(1);
  });
});
