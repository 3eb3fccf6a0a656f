import { type AccountId, derivedId, type Id, newId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Command } from './command.js';
import { type Decider, on } from './decider.js';
import { DomainEvent } from './domain-event.js';
import { HASH_SCHEME } from './event-codec.js';
import { enqueue, schedule, whenever } from './reaction.js';
import { Engine } from './testing/engine.js';
import { timer } from './timer.js';
import type { ContextDefinition } from './vocabulary.js';

const DUE = '2026-02-28T12:00:00.000Z' as Instant;

interface OfNote {
  readonly noteId: Id<'note'>;
  readonly accountId: AccountId;
}

class Noted extends DomainEvent('Noted')<OfNote> {}
class Filed extends DomainEvent('Filed')<OfNote> {}
class TakeNote extends Command('TakeNote')<OfNote> {}
class FileNote extends Command('FileNote')<OfNote> {}

const notes: Decider<null, Noted | Filed> = {
  category: 'note',
  events: [Noted, Filed],
  accountOf: ({ accountId }) => accountId,
  initialState: null,
  evolve: () => null,
  decisions: [
    on(TakeNote, { stream: ({ noteId }) => noteId, decide: (data): Noted[] => [new Noted(data)] }),
    on(FileNote, { stream: ({ noteId }) => derivedId(noteId, 'file'), decide: (data): Filed[] => [new Filed(data)] }),
  ],
};

const fileLater = timer('file', FileNote, { bills: false });

const context: ContextDefinition = {
  name: 'notes',
  deciders: [notes],
  timers: [fileLater],
  reactions: {
    fileNote: whenever([Noted], 'with', ({ data }) => [
      new FileNote(data),
      schedule(fileLater, data.noteId, DUE, data),
      enqueue('notes.file', derivedId(data.noteId, 'job'), { noteId: data.noteId }),
    ]),
  },
};

describe('the envelope of an event', () => {
  let testDatabase: TestDatabase;
  let engine: Engine;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    engine = await Engine.start({ url: testDatabase.url, contexts: [context], connections: 2 });
  });
  afterAll(async () => {
    await engine.close();
    await testDatabase.drop();
  });

  async function noted(bucket: number, origin?: object): Promise<{ noteId: Id<'note'>; accountId: AccountId }> {
    const data = { noteId: newId<'note'>(bucket), accountId: newId<'account'>(bucket) };
    await engine.send(TakeNote, data, { actor: 'user:ada', ...(origin && { origin }) });
    return data;
  }

  const envelopes = (bucket: number) =>
    engine.rows('select event_type, account_id, actor, origin, hash_scheme from es.event where bucket = $1 order by pos', [bucket]);

  const origins = async (bucket: number): Promise<unknown[]> =>
    (await engine.store.readBucket(engine.database, bucket, 0n, 10)).map(({ meta }) => meta.origin);

  it('says whose event it is, and whose timers and jobs follow from it', async () => {
    const { accountId } = await noted(1);
    expect(await envelopes(1)).toMatchObject([
      { event_type: 'Noted', account_id: accountId },
      { event_type: 'Filed', account_id: accountId },
    ]);
    for (const table of ['es.timer', 'es.job'])
      expect(await engine.rows(`select account_id from ${table} where bucket = 1`)).toEqual([{ account_id: accountId }]);
  });

  it('refuses an event of an account that lives in another bucket', async () => {
    const data = { noteId: newId<'note'>(2), accountId: newId<'account'>(3) };
    await expect(engine.send(TakeNote, data)).rejects.toThrow('which is not in bucket 2');
    expect(await envelopes(2)).toEqual([]);
  });

  it('says for whom, by which key, from where and why; what follows says only for whom and by which key', async () => {
    const who = { onBehalfOf: 'user:bob', key: 'session:7' };
    await noted(4, { ...who, address: '192.0.2.7', reason: 'asked by telephone' });
    expect(await origins(4)).toEqual([{ ...who, address: expect.any(String), reason: expect.any(String) }, who]);
    await noted(5, { address: '192.0.2.7' });
    expect(await origins(5)).toEqual([{ address: expect.any(String) }, null]);
  });

  it('keeps nothing in plain that tells of a person', async () => {
    await noted(7, { onBehalfOf: 'user:bob', address: '192.0.2.7', reason: 'asked by telephone' });
    const stored = JSON.stringify(await envelopes(7));
    expect(stored).toContain('user:bob');
    for (const personal of ['192.0.2.7', 'telephone']) expect(stored).not.toContain(personal);
  });

  it('holds nothing where there is nothing to say, and always the scheme of its hash', async () => {
    await noted(6);
    expect(await envelopes(6)).toMatchObject([1, 2].map(() => ({ origin: null, hash_scheme: HASH_SCHEME })));
  });

  it('is read back as it was written', async () => {
    const origin = { onBehalfOf: 'user:bob' };
    const { noteId, accountId } = await noted(8, origin);
    const [recorded] = await engine.store.readStream(engine.database, 8, noteId);
    expect(recorded!.meta).toMatchObject({ accountId, actor: 'user:ada', origin });
  });
});
