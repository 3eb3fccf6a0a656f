import type { DataSource } from 'typeorm';
import { type AccountId, newId } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { AccountKeys, eraseKeys } from './account-keys.js';
import { MasterKeys } from './master-keys.js';
import { Database } from './sql.js';
import { connect } from './testing/engine.js';

const [older, newer] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const keysUnder = (...masters: Buffer[]) => new AccountKeys(new MasterKeys(masters));

let testDatabase: TestDatabase;
let dataSource: DataSource;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  dataSource = await connect({ url: testDatabase.url, connections: 4 });
  database = new Database(dataSource);
});
afterAll(async () => {
  await dataSource.destroy();
  await testDatabase.drop();
});

describe('The keys of accounts', () => {
  it('are made once, however many ask at a time', async () => {
    const accountId: AccountId = newId();
    const rings = await Promise.all(
      Array.from({ length: 4 }, () => database.transaction((sql) => keysUnder(older).provide(sql, [accountId]))),
    );
    const made = new Set(rings.map((ring) => ring.key(accountId, 'person')!.cipher.toString('hex')));
    expect(made.size).toBe(1);
    expect(rings[0]!.key(accountId, 'record')!.cipher.toString('hex')).not.toBe([...made][0]);
  });

  it('are not made anew once they are erased', async () => {
    const accountId: AccountId = newId();
    await database.transaction((sql) => keysUnder(older).provide(sql, [accountId]));
    await database.transaction((sql) => sql.run(eraseKeys(accountId, 'person')));
    const ring = await database.transaction((sql) => keysUnder(older).provide(sql, [accountId]));
    expect(ring.key(accountId, 'person')).toBeNull();
  });

  it('of the record open nothing for those who are erased, but for whoever asks for the record', async () => {
    const accountId: AccountId = newId();
    await database.transaction((sql) => keysUnder(older).provide(sql, [accountId]));
    await database.transaction((sql) => sql.run(eraseKeys(accountId, 'person')));
    expect((await keysUnder(older).find(database, [accountId])).key(accountId, 'record')).toBeNull();
    expect((await keysUnder(older).find(database, [accountId], 'record')).key(accountId, 'record')).not.toBeNull();
  });

  it('can be given to another master key', async () => {
    const accountId: AccountId = newId();
    const before = (await database.transaction((sql) => keysUnder(older).provide(sql, [accountId]))).key(accountId, 'person');
    await expect(keysUnder(newer).find(database, [accountId])).rejects.toThrow(/PERENNIAL_MASTER_KEY/);
    while ((await database.transaction((sql) => keysUnder(newer, older).rewrap(sql, 3))) > 0);
    expect((await keysUnder(newer).find(database, [accountId])).key(accountId, 'person')).toEqual(before);
    await expect(keysUnder(older).find(database, [accountId])).rejects.toThrow(/PERENNIAL_MASTER_KEY/);
  });
});
