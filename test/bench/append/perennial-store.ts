import type { DataSource } from 'typeorm';
import type { Decider } from '#event-sourcing/decider.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import { CHAIN_START } from '#event-sourcing/event-codec.js';
import { EventStore, type StreamHead } from '#event-sourcing/event-store.js';
import { Database } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, derivedId, type Id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { type AppendingStore, EVENT_TYPE, type Stream } from './appended.js';

class BenchInvoiceIssued extends DomainEvent(EVENT_TYPE)<object> {}

const decider: Decider = {
  category: 'bench',
  events: [BenchInvoiceIssued],
  accountOf: () => null,
  initialState: null,
  evolve: (state) => state,
  decisions: [],
};
const EFFECTIVE_AT = instant('2026-01-01T00:00:00Z');

/**
 * Ours, through the same parts as a command: the bucket's lock, the check of the stream's head, dense positions and the hash
 * chain. An append is one atomic statement. A writer knows its stream's head from its last append.
 */
export function perennialStore(dataSource: DataSource): AppendingStore {
  const vocabulary = new Vocabulary();
  vocabulary.register({ name: 'bench', deciders: [decider] });
  const database = new Database(dataSource);
  const store = new EventStore(vocabulary, specKeys);
  const hashes = new Map<Id, Buffer>();

  return {
    name: 'perennial',
    append: async ({ category, id, version }: Stream, payloads) => {
      const bucket = bucketOf(id);
      const head: StreamHead = { decider, state: null, version, hash: hashes.get(id) ?? CHAIN_START };
      const pending = payloads.map((payload, index) => ({
        event: new BenchInvoiceIssued(payload),
        meta: {
          bucket,
          streamType: category,
          streamId: id,
          version: version + index + 1,
          eventId: derivedId(id, `event/${version + index + 1}`),
          accountId: null,
          correlationId: 'bench',
          causationId: null,
          actor: 'bench',
          origin: null,
          effectiveAt: EFFECTIVE_AT,
        },
      }));
      const appended = await store.append(database, bucket, new Map([[id, head]]), pending);
      hashes.set(id, appended.hashes.get(id)!);
    },
    read: async ({ id }) => {
      const events = await store.readStream(database, bucketOf(id), id);
      return events.length;
    },
    close: async () => {},
  };
}
