import { instant } from './instant.js';
import { contains, durationMs } from './period.js';

const february = { start: instant('2026-02-01T00:00:00Z'), end: instant('2026-03-01T00:00:00Z') };

describe('A period', () => {
  it('contains its start and not its end', () => {
    expect(contains(february, february.start)).toBe(true);
    expect(contains(february, instant('2026-02-28T23:59:59.999Z'))).toBe(true);
    expect(contains(february, february.end)).toBe(false);
    expect(contains(february, instant('2026-01-31T23:59:59.999Z'))).toBe(false);
  });

  it('lasts from start to end', () => {
    expect(durationMs(february)).toBe(28 * 86_400_000);
  });
});
