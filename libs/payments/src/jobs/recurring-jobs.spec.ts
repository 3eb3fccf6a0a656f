import { instant } from '#kernel/instant.js';
import { nextRun } from './recurring-jobs.js';

const HOUR_MS = 3_600_000;

describe('a recurring job', () => {
  it.each([
    ['at the next full interval', '2026-01-31T12:01:00Z', HOUR_MS, 0, '2026-01-31T13:00:00Z'],
    ['not at once at the moment itself, whose run was planned before', '2026-01-31T12:00:00Z', HOUR_MS, 0, '2026-01-31T13:00:00Z'],
    ['later today', '2026-01-31T01:59:59.999Z', 24 * HOUR_MS, 2 * HOUR_MS, '2026-01-31T02:00:00Z'],
    ['tomorrow', '2026-01-31T02:00:00Z', 24 * HOUR_MS, 2 * HOUR_MS, '2026-02-01T02:00:00Z'],
  ])('runs %s', (_, now, everyMs, offsetMs, expected) => {
    expect(nextRun(instant(now), everyMs, offsetMs)).toBe(instant(expected));
  });
});
