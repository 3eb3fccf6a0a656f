import fc from 'fast-check';
import { earlierOf, epochMs, fromEpochMs, type Instant, instant, laterOf, plusMs } from './instant.js';

const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const anyEpochMs = fc.integer({ min: FIRST_MS, max: LAST_MS });

describe('An instant', () => {
  it.each([
    ['2026-01-31T09:00:00Z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T09:00:00.5+02:00', '2026-01-31T07:00:00.500Z'],
    ['2026-01-31T09:00:00+00:00', '2026-01-31T09:00:00.000Z'],
    ['2024-02-29T23:59:59.001Z', '2024-02-29T23:59:59.001Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.000Z'],
    ['2026-01-31t09:00:00z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T09:00:00.123999Z', '2026-01-31T09:00:00.123Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
  ])('given as %s is kept as %s', (given, kept) => {
    expect(instant(given)).toBe(kept);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T09:00:00',
    '2026-02-29T09:00:00Z',
    '2026-04-31T09:00:00.000Z',
    '2026-13-01T09:00:00Z',
    '2026-00-01T09:00:00Z',
    '2026-02-30T09:00:00Z',
    '2026-01-31T25:00:00Z',
    '+012026-01-01T00:00:00Z',
    '0000-12-31T23:59:59Z',
  ])('is refused when given as "%s"', (given) => {
    expect(() => instant(given, '/startAt')).toThrow(expect.objectContaining({ code: 'instant_invalid', pointer: '/startAt' }));
  });

  it('comes back from its milliseconds unchanged', () => {
    fc.assert(fc.property(anyEpochMs, (ms) => epochMs(fromEpochMs(ms)) === ms && instant(fromEpochMs(ms)) === fromEpochMs(ms)));
  });

  it('is ordered as a string as it is in time', () => {
    fc.assert(fc.property(anyEpochMs, anyEpochMs, (a, b) => fromEpochMs(a) < fromEpochMs(b) === a < b));
  });

  it('never leaves the years that four digits can write', () => {
    expect(() => fromEpochMs(LAST_MS + 1)).toThrow(RangeError);
    expect(() => fromEpochMs(FIRST_MS - 1)).toThrow(RangeError);
    expect(() => fromEpochMs(Number.NaN)).toThrow(RangeError);
  });

  it('moves by milliseconds, and the later of two is told', () => {
    const noon = '2026-01-31T12:00:00.000Z' as Instant;
    const after = plusMs(noon, 1);
    expect(after).toBe('2026-01-31T12:00:00.001Z');
    expect(laterOf(noon, after)).toBe(after);
    expect(laterOf(after, noon)).toBe(after);
    expect([earlierOf(noon, after), earlierOf(after, noon)]).toEqual([noon, noon]);
  });
});
