import type { Database } from '#event-sourcing/sql.js';
import { newId } from '#kernel/ids.js';
import { Arrivals } from './arrivals.js';

/** Longer than any test may take: what waits so long hangs. */
const withinMs = 3_600_000;
/** A clock that never arrives. */
const database = { query: async () => [] } as unknown as Database;

describe('Who waits for a clock', () => {
  it('is let go when the process ends', async () => {
    const arrivals = new Arrivals(database);
    const waiting = arrivals.reached(newId(), 2, { withinMs, gone: new AbortController().signal });
    arrivals.onModuleDestroy();
    expect(await waiting).toBe(false);
  });

  it('is let go when nobody is there any more to hear the answer', async () => {
    const gone = new AbortController();
    const waiting = new Arrivals(database).reached(newId(), 2, { withinMs, gone: gone.signal });
    gone.abort();
    expect(await waiting).toBe(false);
  });
});
