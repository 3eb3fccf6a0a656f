import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type AppendingStore, EVENT_TYPE, type Stream } from './appended.js';

/** What its `install.sh` gives to psql, in that order. */
const INSTALLED = [
  'roles/message-store',
  'schema/message-store',
  'extensions/pgcrypto',
  'tables/messages',
  'types/message',
  ...['message-store-version', 'hash-64', 'acquire-lock', 'category', 'is-category', 'id', 'cardinal-id', 'stream-version'].map(
    functionFile,
  ),
  ...['write-message', 'get-stream-messages', 'get-category-messages', 'get-last-stream-message'].map(functionFile),
  ...['messages-id', 'messages-stream', 'messages-category'].map((name) => `indexes/${name}`),
  ...['stream-summary', 'type-summary', 'stream-type-summary', 'type-stream-summary', 'category-type-summary', 'type-category-summary'].map(
    (name) => `views/${name}`,
  ),
  ...['schema', 'table', 'sequence', 'functions', 'views'].map((name) => `privileges/${name}`),
];

/**
 * message-db: `write_message` with the expected version. It takes one message at a time, so several are written in one
 * transaction, as its own Ruby client does.
 */
export async function messageDbStore(url: string, connections: number): Promise<AppendingStore> {
  const pool = new pg.Pool({ connectionString: url, max: connections, options: '-c search_path=message_store,public' });
  // A connection that ends while it is idle says so to its pool; unheard, that would end the bench.
  pool.on('error', () => {});
  await install(pool);
  const nameOf = ({ category, id }: Stream) => `${category}-${id}`;
  const write = async (client: pg.Pool | pg.PoolClient, stream: Stream, version: number, payload: object) => {
    const values = [randomUUID(), nameOf(stream), EVENT_TYPE, JSON.stringify(payload), null, version - 1];
    await client.query({ name: 'write', text: 'select write_message($1, $2, $3, $4::jsonb, $5::jsonb, $6)', values });
  };
  return {
    name: 'message-db',
    append: async (stream, payloads) => {
      if (payloads.length === 1) return write(pool, stream, stream.version, payloads[0]!);
      const client = await pool.connect();
      try {
        await client.query('begin');
        for (const [index, payload] of payloads.entries()) await write(client, stream, stream.version + index, payload);
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    read: async (stream) => {
      const { rows } = await pool.query({ name: 'read', text: 'select * from get_stream_messages($1, 0, -1)', values: [nameOf(stream)] });
      // The driver hands the data over as text, which a reader has to parse.
      return rows.map(({ data }) => JSON.parse(data)).length;
    },
    close: () => pool.end(),
  };
}

async function install(pool: pg.Pool): Promise<void> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@eventide/message-db/package.json')), 'database');
  const client = await pool.connect();
  try {
    await client.query('set client_min_messages = warning');
    for (const file of INSTALLED) await client.query(readFileSync(join(folder, `${file}.sql`), 'utf8'));
  } finally {
    client.release(true);
  }
}

function functionFile(name: string): string {
  return `functions/${name}`;
}
