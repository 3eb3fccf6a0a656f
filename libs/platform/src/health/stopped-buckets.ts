import { stoppedBuckets } from '#event-sourcing/durable-reader.js';
import type { Database } from '#event-sourcing/sql.js';
import type { Concern } from './concerns.js';

/** Readers that stand still at an event that they cannot handle: what follows from it, and from all after it in the bucket, waits. */
export function stoppedReaders(database: Database): Concern {
  return {
    name: 'stopped_buckets',
    description: 'Buckets whose readers stand still at an event that cannot be handled.',
    look: async () => {
      const stopped = await stoppedBuckets(database);
      return { count: stopped.length, shown: stopped.map((one) => ({ ...one, position: one.position.toString() })) };
    },
  };
}
