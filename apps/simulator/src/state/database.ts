import { DatabaseSync } from 'node:sqlite';

/** Every list of Stripe's is one of these tables: a JSON document with the columns that its filters need. */
const documentTables = ['customers', 'payment_methods', 'payment_intents', 'charges', 'refunds', 'balance_transactions', 'events'] as const;

export type DocumentTable = (typeof documentTables)[number];

const schema = `
  ${documentTables
    .map(
      (table) => `
  CREATE TABLE IF NOT EXISTS ${table} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    owner TEXT,
    parent TEXT,
    type TEXT,
    hidden TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ${table}_by_owner ON ${table} (owner, seq) WHERE owner IS NOT NULL;
  CREATE INDEX IF NOT EXISTS ${table}_by_parent ON ${table} (parent, seq) WHERE parent IS NOT NULL;`,
    )
    .join('\n')}
  CREATE TABLE IF NOT EXISTS metadata (
    entry_of TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (entry_of, key, value, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS idempotency_keys (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, endpoint TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, request_id TEXT NOT NULL, created INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS webhook_deliveries (
    event_id TEXT PRIMARY KEY, attempts INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS card_behaviors (
    payment_method TEXT PRIMARY KEY, body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const allTables = [...documentTables, 'metadata', 'idempotency_keys', 'webhook_deliveries', 'card_behaviors', 'settings'];

/**
 * Opens the state of a simulator.
 *
 * With the write-ahead log a committed answer survives `kill -9` of this process whatever `synchronous` says; only a crash
 * of the whole machine may lose the last answers, which a stand-in for Stripe can afford and which makes it fast.
 */
export function openDatabase(stateFile: string): DatabaseSync {
  const database = new DatabaseSync(stateFile);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;');
  database.exec('PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = 8000;');
  database.exec(schema);
  return database;
}

export function eraseAll(database: DatabaseSync): void {
  for (const table of allTables) database.exec(`DELETE FROM ${table}`);
}
