import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { testClockEvents } from '../../test-clock/test-clock.events.js';

/**
 * The engine's own table: every decision about an account on a clock reads its `now`, and `target` tells the runner where
 * to go. While it is under way the runner moves `now`, and holds the row by a lease.
 */
export const testClockTable = readModel(testClockEvents, {
  table: 'es.test_clock',
  tracksVersion: true,
  columns: { now: 'timestamptz', target: 'timestamptz?', created_at: 'timestamptz', holder: 'uuid?', lease_until: 'timestamptz?' },
  on: {
    TestClockCreated: ({ data }, { effectiveAt }) => insert(data.testClockId, { now: data.now, created_at: effectiveAt }),
    TestClockAdvanceStarted: ({ data }) => update(data.testClockId, { target: data.to }),
    // Any worker may move it next, without waiting for the lease of the last one to end.
    TestClockAdvanceFinished: ({ data }) => update(data.testClockId, { now: data.now, target: null, holder: null, lease_until: null }),
  },
});
