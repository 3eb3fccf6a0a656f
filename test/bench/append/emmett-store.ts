import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { type AppendingStore, EVENT_TYPE, type Stream } from './appended.js';

/**
 * Emmett: `appendToStream` with the expected version, the schema made beforehand. The version is given as a number: its
 * `STREAM_DOES_NOT_EXIST` is not checked in 0.42.0. The pool is ours only to have a connection for each writer.
 */
export async function emmettStore(url: string, connections: number): Promise<AppendingStore> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // A connection that ends while it is idle says so to its pool; unheard, that would end the bench.
  pool.on('error', () => {});
  const store = getPostgreSQLEventStore(url, { schema: { autoMigration: 'None' }, connectionOptions: { pool } });
  // Its own `migrate` opens connections that cannot be closed again.
  await pool.query(store.schema.sql());
  const nameOf = ({ category, id }: Stream) => `${category}-${id}`;
  return {
    name: 'emmett',
    append: async (stream, payloads) => {
      await store.appendToStream(
        nameOf(stream),
        payloads.map((data) => ({ type: EVENT_TYPE, data: data as Record<string, unknown> })),
        { expectedStreamVersion: BigInt(stream.version) },
      );
    },
    read: async (stream) => (await store.readStream(nameOf(stream))).events.length,
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}
