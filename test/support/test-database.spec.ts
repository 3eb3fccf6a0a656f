import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './test-database.js';

describe('a test database', () => {
  const made: TestDatabase[] = [];
  afterAll(() => Promise.all(made.map((database) => database.drop())));

  async function database(): Promise<TestDatabase> {
    const created = await createTestDatabase();
    made.push(created);
    return created;
  }

  async function rows(url: string, statement: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(statement)).rows;
    } finally {
      await client.end();
    }
  }

  it('holds nothing of what another spec file wrote', async () => {
    const [one, other] = [await database(), await database()];
    await rows(one.url, 'CREATE TABLE written (it int)');
    expect(await rows(one.url, "SELECT to_regclass('written') AS found")).toEqual([{ found: 'written' }]);
    expect(await rows(other.url, "SELECT to_regclass('written') AS found")).toEqual([{ found: null }]);
  });

  it('is entered as another role too', async () => {
    const one = await database();
    await rows(one.url, 'CREATE ROLE "a reader" LOGIN');
    expect(await rows(one.urlAs('a reader'), 'SELECT current_user::text AS role')).toEqual([{ role: 'a reader' }]);
    await rows(one.url, 'DROP ROLE "a reader"');
  });

  it('goes even while connections to it are open', async () => {
    const one = await database();
    const open = new pg.Client({ connectionString: one.url });
    const cut = new Promise((resolve) => open.on('error', resolve));
    await open.connect();
    await one.drop();
    expect(await cut).toMatchObject({ code: '57P01' });
    await expect(rows(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
