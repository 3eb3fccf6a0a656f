import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../state/event-log.js';

const flushMs = 100;

/** Which events still have to be delivered; written with the event, erased in batches once it is delivered or given up. */
export class DeliveryRecords {
  private finished: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: DatabaseSync) {}

  /** Events of an earlier run that were never delivered, oldest first. */
  undelivered(): RecordedEvent[] {
    return this.database
      .prepare('SELECT e.id, e.type, e.body FROM webhook_deliveries d JOIN events e ON e.id = d.event_id ORDER BY e.seq')
      .all()
      .map((row) => ({ id: String(row.id), type: String(row.type), payload: String(row.body) }));
  }

  /** A crash before the batch is erased delivers it once more, as Stripe says may happen. */
  finish(eventId: string): void {
    this.finished.push(eventId);
    this.timer ??= setTimeout(() => this.flush(), flushMs).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const finished = this.finished;
    this.finished = [];
    if (finished.length === 0) return;
    this.database
      .prepare('DELETE FROM webhook_deliveries WHERE event_id IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(finished));
  }

  forgetAll(): void {
    this.finished = [];
  }
}
