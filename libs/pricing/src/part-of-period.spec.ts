import { instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { timeZone } from '#kernel/time-zone.js';
import { partOfPeriod } from './part-of-period.js';

const between = (start: string, end: string): Period => ({ start: instant(start), end: instant(end) });
const berlin = timeZone('Europe/Berlin');
// The clocks of Berlin go forward in it.
const march = between('2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z');

describe('The part of a period', () => {
  it.each<[Period, 'day' | 'second', string, string]>([
    [between('2026-03-14T23:00:00Z', march.end), 'day', '17', '31'],
    // In the middle of the 15th: the day of the change counts whole.
    [between('2026-03-15T13:00:00Z', march.end), 'day', '17', '31'],
    [between('2026-03-31T20:00:00Z', march.end), 'day', '1', '31'],
    [between('2026-03-31T20:00:00Z', march.end), 'second', '7200', '2674800'],
  ])('%j by %s is %s of %s', (segment, unit, numerator, denominator) => {
    expect(partOfPeriod(segment, march, unit, berlin)).toEqual({ numerator, denominator, unit });
  });

  it('goes on counting its last day when its hour has come, and so sums to the whole wherever it is cut', () => {
    const fromTen = between('2026-01-31T15:00:00Z', '2026-02-28T15:00:00Z');
    const newYork = timeZone('America/New_York');
    const cut = instant('2026-02-28T14:00:00Z');
    const parts = [
      { start: fromTen.start, end: cut },
      { start: cut, end: fromTen.end },
    ].map((segment) => partOfPeriod(segment, fromTen, 'day', newYork)?.numerator);
    expect(parts).toEqual(['27', '1']);
  });

  it('that is the whole is no part', () => {
    expect(partOfPeriod(march, march, 'second', berlin)).toBeNull();
    expect(partOfPeriod(between('2026-03-01T20:00:00Z', march.end), march, 'day', berlin)).toBeNull();
  });
});
