import { interval, intervalUnits } from './interval.js';

describe('A billing interval', () => {
  it('counts days, weeks, months, quarters or years', () => {
    expect(intervalUnits).toEqual(['day', 'week', 'month', 'quarter', 'year']);
    for (const unit of intervalUnits) expect(interval({ unit, count: 1 })).toEqual({ unit, count: 1 });
  });

  it.each([
    ['day', 1095],
    ['week', 156],
    ['month', 36],
    ['quarter', 12],
    ['year', 3],
  ] as const)('in %ss counts at most %d, which is three years', (unit, most) => {
    expect(interval({ unit, count: most })).toEqual({ unit, count: most });
    expect(() => interval({ unit, count: most + 1 }, '/interval')).toThrow(
      expect.objectContaining({ code: 'interval_invalid', pointer: '/interval/count' }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined])('is refused with the count %p', (count) => {
    expect(() => interval({ unit: 'month', count: count as number })).toThrow(
      expect.objectContaining({ code: 'interval_invalid', pointer: '/count' }),
    );
  });

  it.each(['', 'Month', 'months', 'hour', 'toString', '__proto__', null, undefined])('is refused with the unit %p', (unit) => {
    expect(() => interval({ unit: unit as string, count: 1 })).toThrow(
      expect.objectContaining({ code: 'interval_invalid', pointer: '/unit' }),
    );
  });
});
