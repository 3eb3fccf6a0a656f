import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { schemaRules } from './schema-rules.js';

describe('The schema', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const found = async (query: string): Promise<string[]> => (await client.query<{ found: string }>(query)).rows.map((row) => row.found);

  it('is there: the log has its eight partitions', async () => {
    expect(
      await found(`select inhrelid::regclass::text as found from pg_inherits where inhparent = 'es.event'::regclass order by 1`),
    ).toHaveLength(8);
  });

  describe.each(schemaRules)('$sentence', ({ query, badExamples }) => {
    it('holds', async () => {
      expect(await found(query)).toEqual([]);
    });

    it.each(badExamples)('is found broken by: %s', async (statement) => {
      await client.query('begin');
      try {
        await client.query(statement);
        expect(await found(query)).not.toEqual([]);
      } finally {
        await client.query('rollback');
      }
    });
  });
});
