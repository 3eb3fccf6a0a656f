import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import { bucketsInUse } from './rows.js';
import type { Subject } from './subject.js';

const PAGE = 2_000;

/**
 * The whole log, each batch from one bucket and in order of position. Unlike the engine's own readers it takes what is
 * there: whether a position is missing is for I4 to say, and the other checks go on.
 */
export async function* recordedEvents(
  { sql, store }: Pick<Subject, 'sql' | 'store'>,
  types: readonly string[],
  advance: (part: number) => void,
): AsyncGenerator<{ bucket: number; events: RecordedEvent[] }> {
  const buckets = await bucketsInUse(sql);
  for (const [index, bucket] of buckets.entries()) {
    let events: RecordedEvent[];
    let after = -1n;
    do {
      events = await store.readTypes(sql, bucket, types, after, PAGE);
      after = events.at(-1)?.meta.position ?? after;
      if (events.length > 0) yield { bucket, events };
    } while (events.length === PAGE);
    advance((index + 1) / buckets.length);
  }
}
