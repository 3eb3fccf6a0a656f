import { EventStore, EventType } from '@castore/core';
import { PostgresEventStorageAdapter } from '@castore/event-storage-adapter-postgres';
import { type AppendingStore, CATEGORIES, EVENT_TYPE, type Stream } from './appended.js';

const issued = new EventType<typeof EVENT_TYPE, object>({ type: EVENT_TYPE });

interface Version {
  readonly aggregateId: string;
  readonly version: number;
}

/**
 * Castore: `pushEvent`, and `pushEventGroup` for several; the unique key checks the version. Its adapter opens ten
 * connections and takes no other number, so the writers share two of them. It cannot be closed: the process ends it.
 */
export async function castoreStore(url: string): Promise<AppendingStore> {
  const connectionString = forPostgresJs(url);
  await PostgresEventStorageAdapter.createEventTable({ connectionString });
  const adapters = [new PostgresEventStorageAdapter({ connectionString }), new PostgresEventStorageAdapter({ connectionString })];
  const stores = adapters.map((adapter) => new Map(CATEGORIES.map((category) => [category, storeOf(category, adapter)])));
  let turn = 0;
  const storeFor = ({ category }: Stream) => {
    turn = (turn + 1) % stores.length;
    return stores[turn]!.get(category)!;
  };
  return {
    name: 'castore',
    append: async (stream, payloads) => {
      const store = storeFor(stream);
      const events = payloads.map((payload, index) => ({
        aggregateId: stream.id as string,
        version: stream.version + index + 1,
        type: issued.type,
        payload,
      }));
      const [first, second, ...others] = events;
      if (!second) await store.pushEvent(first!);
      else
        await EventStore.pushEventGroup(
          store.groupEvent(first!),
          store.groupEvent(second),
          ...others.map((event) => store.groupEvent(event)),
        );
    },
    read: async (stream) => (await storeFor(stream).getEvents(stream.id)).events.length,
    close: async () => {},
  };
}

function storeOf(eventStoreId: string, eventStorageAdapter: PostgresEventStorageAdapter) {
  return new EventStore({
    eventStoreId,
    eventTypes: [issued],
    reducer: (_: Version, { aggregateId, version }: Version): Version => ({ aggregateId, version }),
    eventStorageAdapter,
  });
}

/** postgres.js takes the folder of a socket from PGHOST only: in an address it would be read as a host's name, and no user may stand alone. */
function forPostgresJs(url: string): string {
  const { hostname, username, pathname } = new URL(url);
  process.env.PGHOST = decodeURIComponent(hostname);
  process.env.PGUSER = username;
  return `postgresql://${pathname}`;
}
