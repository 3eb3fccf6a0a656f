import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../domain-event.js';
import type { Reader } from '../durable-reader.js';
import type { Sql } from '../sql.js';

/**
 * A reader that notes each event in a table without a key: one that is skipped or seen twice is seen there. It takes its
 * time between effects, so that it can be killed in the middle of them.
 */
export function seeing(name: string, trouble: (event: RecordedEvent) => void = () => {}): Reader {
  return {
    name,
    async handle(events: readonly RecordedEvent[], sql: Sql): Promise<void> {
      for (const [index, recorded] of events.entries()) {
        await sql.query('insert into jars.seen (bucket, pos, reader) values ($1, $2, $3)', [
          recorded.meta.bucket,
          recorded.meta.position.toString(),
          name,
        ]);
        trouble(recorded);
        if (index % 7 === 0) await sleep(1);
      }
    },
  };
}
