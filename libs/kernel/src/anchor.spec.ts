import fc from 'fast-check';
import { anchorAlignedTo, anchorAt, startOf } from './anchor.js';
import { fromEpochMs, instant } from './instant.js';
import { timeZone } from './time-zone.js';

const newYork = timeZone('America/New_York');
const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone').map((name) => timeZone(name)));
const anyInstant = fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2090-01-01') }).map(fromEpochMs);

describe('An anchor', () => {
  it('is the local time at which billing began, as plain JSON', () => {
    const anchor = anchorAt(instant('2026-01-31T15:15:00Z'), newYork);
    expect(JSON.parse(JSON.stringify(anchor))).toEqual({ local: '2026-01-31T10:15:00.000', timeZone: 'America/New_York' });
  });

  it('knows the moment it was made at, to the millisecond, in every zone', () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (start, zone) => startOf(anchorAt(start, zone)) === start),
      { numRuns: 2000 },
    );
  });

  it('tells the two comings of a local time apart when the clocks are put back', () => {
    const first = anchorAt(instant('2026-11-01T05:30:00Z'), newYork);
    const second = anchorAt(instant('2026-11-01T06:30:00Z'), newYork);
    expect(first).toEqual({ local: '2026-11-01T01:30:00.000', timeZone: newYork });
    expect(second).toEqual({ local: '2026-11-01T01:30:00.000', timeZone: newYork, repeated: true });
    expect(startOf(first)).toBe('2026-11-01T05:30:00.000Z');
    expect(startOf(second)).toBe('2026-11-01T06:30:00.000Z');
  });

  it('may be aligned to a fixed day of the month', () => {
    expect(anchorAlignedTo(1, instant('2026-01-17T15:15:00Z'), newYork)).toEqual({
      local: '2026-01-17T10:15:00.000',
      timeZone: newYork,
      anchorDay: 1,
    });
  });

  it.each([0, 32, -1, 1.5, Number.NaN])('is not aligned to day %p, which no month has', (day) => {
    expect(() => anchorAlignedTo(day, instant('2026-01-17T15:15:00Z'), newYork, '/anchorDay')).toThrow(
      expect.objectContaining({ code: 'anchor_day_invalid', pointer: '/anchorDay' }),
    );
  });
});
