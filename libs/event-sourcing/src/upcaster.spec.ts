import type { DataSource } from 'typeorm';
import { type Id, newId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Command } from './command.js';
import { type Decider, on } from './decider.js';
import { DomainEvent } from './domain-event.js';
import { asked, connect, Engine } from './testing/engine.js';
import type { Upcaster } from './upcaster.js';
import { verifyChains } from './verify-chains.js';

/** What version 1 of the event was written as: recorded, never edited. */
const FIRST = '{"billId":"0190a1b2-0000-7000-8000-00000000002a","cents":"1250","payer":"Ada Lovelace"}';
const SECOND = '{"billId":"0190a1b2-0000-7000-8000-00000000002a","amount":{"amount":"1250","currency":"USD"},"payer":"Ada Lovelace"}';

class BillWritten extends DomainEvent('BillWritten', { schemaVersion: 3, money: ['amount'] })<{
  readonly billId: Id;
  readonly amount: Money;
  readonly payers: readonly string[];
}> {}
class WriteBill extends Command('WriteBill')<{ readonly billId: Id }> {}

const upcasters: Upcaster[] = [
  { type: 'BillWritten', from: 1, upcast: ({ cents, ...data }) => ({ ...data, amount: { amount: cents, currency: 'USD' } }) },
  { type: 'BillWritten', from: 2, upcast: ({ payer, ...data }) => ({ ...data, payers: [payer] }) },
];

const billDecider: Decider<readonly BillWritten['data'][], BillWritten> = {
  category: 'bill',
  events: [BillWritten],
  accountOf: () => null,
  initialState: [],
  evolve: (bills, { data }) => [...bills, data],
  decisions: [
    on(WriteBill, {
      stream: ({ billId }) => billId,
      decide: ({ billId }): BillWritten[] => [new BillWritten({ billId, amount: Money.of(1n, 'USD'), payers: [] })],
    }),
  ],
};

describe('events of older versions', () => {
  let testDatabase: TestDatabase;
  let owner: DataSource;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    owner = await connect({ url: testDatabase.url, role: null, connections: 2 });
  });
  afterAll(async () => {
    await owner.destroy();
    await testDatabase.drop();
  });

  const engineWith = (lifts: readonly Upcaster[]): Promise<Engine> =>
    Engine.start({ url: testDatabase.url, contexts: [{ name: 'bills', deciders: [billDecider], upcasters: lifts }], connections: 3 });

  async function recorded(billId: Id, schemaVersion: number, payload: string): Promise<void> {
    await owner.query(
      `insert into es.event (bucket, pos, stream_type, stream_id, version, event_id, event_type, schema_version, payload, correlation_id, actor, effective_at, hash_scheme, hash)
       select 42, coalesce(max(pos), 0) + 1, 'bill', $1, 1, gen_random_uuid(), 'BillWritten', $2, $3, 'spec', 'spec', now(), 1, sha256('')
         from es.event where bucket = 42`,
      [billId, schemaVersion, payload],
    );
  }

  it.each([
    [1, FIRST],
    [2, SECOND],
  ])('of version %s are lifted to what the code of today knows, in decisions and for readers', async (schemaVersion, payload) => {
    const engine = await engineWith(upcasters);
    const billId = newId(42);
    await recorded(billId, schemaVersion, payload);
    const lifted = { billId: '0190a1b2-0000-7000-8000-00000000002a', amount: Money.of(1250n, 'USD'), payers: ['Ada Lovelace'] };
    const heads = await engine.database.transaction((sql) =>
      engine.store.load(sql, 42, new Map([[billId, engine.vocabulary.decider('bill')]])),
    );
    expect(heads.get(billId)!.state).toEqual([lifted]);
    const [read] = await engine.database.transaction((sql) => engine.store.readStream(sql, 42, billId));
    expect(read!.event).toBeInstanceOf(BillWritten);
    expect(read!.event.data).toEqual(lifted);
    const [stored] = await engine.rows('select payload::text, schema_version from es.event where stream_id = $1', [billId]);
    expect(stored).toEqual({ payload, schema_version: schemaVersion });
    await engine.close();
  });

  it('are written in the version of today', async () => {
    const engine = await engineWith(upcasters);
    const billId = newId(43);
    await engine.executor.execute(new WriteBill({ billId }, asked));
    expect(await engine.rows('select schema_version from es.event where stream_id = $1', [billId])).toEqual([{ schema_version: 3 }]);
    expect((await verifyChains(engine.database, { buckets: [43] })).findings).toEqual([]);
    await engine.close();
  });

  it('are refused where a step is missing', async () => {
    const engine = await engineWith(upcasters.slice(0, 1));
    const billId = newId(42);
    await recorded(billId, 1, FIRST);
    await expect(engine.database.transaction((sql) => engine.store.readStream(sql, 42, billId))).rejects.toThrow(
      'No upcaster lifts BillWritten from version 2.',
    );
    await engine.close();
  });

  it('of a newer version are refused with a clear error, in reading and in deciding', async () => {
    const engine = await engineWith(upcasters);
    const billId = newId(42);
    await recorded(billId, 4, SECOND);
    const newer = 'BillWritten version 4 was written by newer code than this.';
    await expect(engine.database.transaction((sql) => engine.store.readStream(sql, 42, billId))).rejects.toThrow(newer);
    await expect(engine.executor.execute(new WriteBill({ billId }, asked))).rejects.toThrow(newer);
    await engine.close();
  });
});
