import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#event-sourcing/sql.js';
import type { TestClockId } from '#kernel/ids.js';
import { rowById } from '#platform/sql/row-query.js';
import { type TestClockRow, testClockRows } from '../read-models/test-clock/test-clock.query.js';

const PAUSE_MS = { shortest: 10, longest: 250 };

/** Waits for clocks. It asks the table, since the worker that moves a clock may be another process. */
@Injectable()
export class Arrivals implements OnModuleDestroy {
  private readonly stopping = new AbortController();

  constructor(@Inject(Database) private readonly database: Database) {}

  /** An answer that is waited for must not hold up the end of the process. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** True once the clock is at the version or beyond it; false when that takes too long or waiting has lost its purpose. */
  async reached(testClockId: TestClockId, version: number, { withinMs, gone }: { withinMs: number; gone: AbortSignal }): Promise<boolean> {
    const ended = AbortSignal.any([gone, this.stopping.signal, AbortSignal.timeout(withinMs)]);
    for (let pauseMs = PAUSE_MS.shortest; !ended.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MS.longest)) {
      const row = await rowById<TestClockRow>(this.database, testClockRows, testClockId);
      if (row && Number(row.version) >= version) return true;
      await sleep(pauseMs, undefined, { signal: ended }).catch(() => {});
    }
    return false;
  }
}
