import fc from 'fast-check';
import { type Anchor, anchorAlignedTo, anchorAt } from './anchor.js';
import { anyAnchor, anyInstant, anyInterval, anyZone, boundsByWalking, DAY_MS, zones } from './calendar.examples.js';
import {
  daysBetween,
  lastingPeriodFrom,
  localDate,
  periodAt,
  periodContaining,
  plusDays,
  plusMonths,
  startsShort,
  wholePeriodAt,
} from './calendar.js';
import { epochMs, fromEpochMs, instant } from './instant.js';
import type { Interval } from './interval.js';
import { localTime } from './local-time.js';
import { contains } from './period.js';
import { type TimeZone, timeZone } from './time-zone.js';

const month: Interval = { unit: 'month', count: 1 };
const year: Interval = { unit: 'year', count: 1 };
const newYork = timeZone('America/New_York');
const berlin = timeZone('Europe/Berlin');

/** The local times at which the first periods begin. */
const starts = (anchor: Anchor, interval: Interval, count: number) =>
  Array.from({ length: count }, (_, index) => localTime(periodAt(anchor, interval, index).start, anchor.timeZone));
const startDays = (anchor: Anchor, interval: Interval, count: number) => starts(anchor, interval, count).map((local) => local.slice(0, 10));
const anchorOn = (local: string, zone: TimeZone = newYork): Anchor => ({ local, timeZone: zone });

const anyIndex = fc.integer({ min: 0, max: 60 });
const often = { numRuns: 2000 };

describe('Billing periods', () => {
  it('are those found by walking the calendar day by day', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, ({ anchor, start }, interval) => {
        const walked = boundsByWalking(anchor, start, interval, 7);
        const computed = Array.from({ length: 6 }, (_, index) => periodAt(anchor, interval, index));
        expect(computed).toEqual(computed.map((_, index) => ({ start: walked[index], end: walked[index + 1] })));
      }),
      often,
    );
  });

  it('begin at the very moment billing began', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, ({ anchor, start }, interval) => periodAt(anchor, interval, 0).start === start),
      often,
    );
  });

  it('leave no gap and never overlap', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, anyIndex, ({ anchor }, interval, index) => {
        const period = periodAt(anchor, interval, index);
        expect(period.end).toBe(periodAt(anchor, interval, index + 1).start);
        // The last zone that skipped a whole day was Samoa in 2011; a daily period there is empty.
        if (period.start >= '2012') expect(period.start < period.end).toBe(true);
        else expect(period.start <= period.end).toBe(true);
      }),
      often,
    );
  });

  it('leave no gap and never overlap at either change of the clocks in any zone that has them', () => {
    const from = Temporal.Instant.from('2026-01-01T00:00:00Z');
    let changes = 0;
    for (const zone of zones) {
      let change = from.toZonedDateTimeISO(zone).getTimeZoneTransition('next');
      for (; change && change.year < 2028; change = change.getTimeZoneTransition('next')) {
        changes += 1;
        for (const minutes of [-60, -30, -1, 0, 1, 30, 60]) {
          const wall = change.toPlainDateTime().add({ minutes });
          const anchor = anchorOn(wall.subtract({ months: 2 }).toString({ fractionalSecondDigits: 3 }), zone);
          for (const interval of [month, { unit: 'day', count: 1 } as const]) {
            const { index } = periodContaining(anchor, interval, fromEpochMs(change.epochMilliseconds))!;
            const periods = [-1, 0, 1, 2].map((step) => periodAt(anchor, interval, index + step));
            expect(periods.slice(1).map(({ start }) => start)).toEqual(periods.slice(0, -1).map(({ end }) => end));
            expect(periods.every(({ start, end }) => start < end)).toBe(true);
          }
        }
      }
    }
    expect(changes).toBeGreaterThan(400);
  });

  it('keep the local time of the anchor, except on a day on which the clocks skip it', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, anyIndex, ({ anchor }, interval, index) => {
        const end = localTime(periodAt(anchor, interval, index).end, anchor.timeZone);
        if (end.slice(11) === anchor.local.slice(11)) return;
        const skipped = Temporal.PlainDateTime.from(`${end.slice(0, 10)}T${anchor.local.slice(11)}`);
        const dayBefore = skipped.subtract({ days: 1 });
        const exists = (wall: Temporal.PlainDateTime) => wall.toZonedDateTime(anchor.timeZone).toPlainDateTime().equals(wall);
        expect(exists(skipped) && exists(dayBefore)).toBe(false);
      }),
      often,
    );
  });

  it('anchored on the 31st end on the last day of shorter months and come back to the 31st', () => {
    expect(startDays(anchorOn('2026-01-31T10:15:00.000'), month, 8)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
      '2026-06-30',
      '2026-07-31',
      '2026-08-31',
    ]);
  });

  it.each([28, 29, 30, 31])('anchored on day %d fall on it, or on the last day, in every month of 12 years', (day) => {
    const anchor = anchorOn(`2026-01-${day}T23:59:59.999`, berlin);
    for (const local of startDays(anchor, month, 144)) {
      const date = Temporal.PlainDate.from(local);
      expect(date.day).toBe(Math.min(day, date.daysInMonth));
    }
  });

  it('anchored on a leap day come back to it', () => {
    expect(startDays(anchorOn('2024-02-29T00:00:00.000'), year, 5)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ]);
    expect(startDays(anchorOn('2096-02-29T00:00:00.000'), { unit: 'year', count: 2 }, 5).slice(1)).toEqual([
      '2098-02-28',
      '2100-02-28',
      '2102-02-28',
      '2104-02-29',
    ]);
  });

  it.each([
    [{ unit: 'day', count: 10 }, ['2026-01-31', '2026-02-10', '2026-02-20']],
    [{ unit: 'week', count: 2 }, ['2026-01-31', '2026-02-14', '2026-02-28']],
    [{ unit: 'month', count: 3 }, ['2026-01-31', '2026-04-30', '2026-07-31']],
    [{ unit: 'quarter', count: 1 }, ['2026-01-31', '2026-04-30', '2026-07-31']],
    [{ unit: 'quarter', count: 2 }, ['2026-01-31', '2026-07-31', '2027-01-31']],
    [{ unit: 'year', count: 1 }, ['2026-01-31', '2027-01-31', '2028-01-31']],
  ] as const)('of %j start on %j', (interval, days) => {
    expect(startDays(anchorOn('2026-01-31T10:15:00.000'), interval, 3)).toEqual(days);
  });

  it('move on by the gap where the clocks skip the local time, and come back the day after', () => {
    expect(starts(anchorOn('2026-03-07T02:30:00.000'), { unit: 'day', count: 1 }, 3)).toEqual([
      '2026-03-07T02:30:00.000',
      '2026-03-08T03:30:00.000',
      '2026-03-09T02:30:00.000',
    ]);
  });

  it('end at the first coming of a local time that comes twice', () => {
    expect(periodAt(anchorOn('2026-10-31T01:30:00.000'), { unit: 'day', count: 1 }, 0)).toEqual({
      start: '2026-10-31T05:30:00.000Z',
      end: '2026-11-01T05:30:00.000Z',
    });
  });

  it('are empty for a day that never was', () => {
    const samoa = anchorOn('2011-12-29T10:00:00.000', timeZone('Pacific/Apia'));
    const daily: Interval = { unit: 'day', count: 1 };
    const skipped = periodAt(samoa, daily, 1);
    expect(skipped.start).toBe(skipped.end);
    expect(periodContaining(samoa, daily, skipped.start)?.index).toBe(2);
  });

  it.each(['Pacific/Apia', 'Pacific/Fakaofo'])('pass that day by in %s, so that every period lasts', (zone) => {
    const anchor = anchorOn('2011-12-29T10:00:00.000', timeZone(zone));
    const daily: Interval = { unit: 'day', count: 1 };
    const second = lastingPeriodFrom(anchor, daily, 1);
    expect(second).toMatchObject({ index: 2, period: { start: periodAt(anchor, daily, 0).end } });
    expect(second.period.start < second.period.end).toBe(true);
  });

  it.each([-1, 0.5, Number.NaN])('have no index %p', (index) => {
    expect(() => periodAt(anchorOn('2026-01-31T10:15:00.000'), month, index)).toThrow(RangeError);
  });
});

describe('Billing on a fixed day of the month', () => {
  const aligned = (day: number, local: string) => anchorAlignedTo(day, instant(`${local}Z`), timeZone('UTC'));

  it('has a short first period, up to that day', () => {
    const anchor = aligned(1, '2026-01-17T10:15:00');
    expect(starts(anchor, month, 3)).toEqual(['2026-01-17T10:15:00.000', '2026-02-01T10:15:00.000', '2026-03-01T10:15:00.000']);
    expect(startsShort(anchor, month)).toBe(true);
  });

  it('has no short period if it begins on that day', () => {
    expect(startsShort(aligned(17, '2026-01-17T10:15:00'), month)).toBe(false);
    expect(startDays(aligned(31, '2026-02-28T10:15:00'), month, 3)).toEqual(['2026-02-28', '2026-03-31', '2026-04-30']);
    expect(startsShort(aligned(31, '2026-02-28T10:15:00'), month)).toBe(false);
  });

  it('comes back to the 31st when the first such day is the last of a shorter month', () => {
    expect(startDays(aligned(31, '2026-02-10T00:00:00'), month, 4)).toEqual(['2026-02-10', '2026-02-28', '2026-03-31', '2026-04-30']);
    expect(startDays(aligned(30, '2026-01-31T00:00:00'), month, 4)).toEqual(['2026-01-31', '2026-02-28', '2026-03-30', '2026-04-30']);
  });

  it('has full quarters and years after the short period', () => {
    expect(startDays(aligned(15, '2026-01-17T00:00:00'), { unit: 'quarter', count: 1 }, 3)).toEqual([
      '2026-01-17',
      '2026-02-15',
      '2026-05-15',
    ]);
    expect(startDays(aligned(15, '2026-12-17T00:00:00'), year, 3)).toEqual(['2026-12-17', '2027-01-15', '2028-01-15']);
  });

  it('does not shorten days and weeks, which know no day of the month', () => {
    const anchor = aligned(1, '2026-01-17T00:00:00');
    expect(startDays(anchor, { unit: 'week', count: 1 }, 2)).toEqual(['2026-01-17', '2026-01-24']);
    expect(startsShort(anchor, { unit: 'week', count: 1 })).toBe(false);
  });

  it('prorates the short period over the whole one that it is the last part of', () => {
    const anchor = aligned(31, '2026-03-10T10:15:00');
    expect(wholePeriodAt(anchor, month, 0)).toEqual({ start: '2026-02-28T10:15:00.000Z', end: '2026-03-31T10:15:00.000Z' });
    expect(wholePeriodAt(anchor, year, 0)).toEqual({ start: '2025-03-31T10:15:00.000Z', end: '2026-03-31T10:15:00.000Z' });
    expect(wholePeriodAt(anchor, month, 1)).toEqual(periodAt(anchor, month, 1));
  });

  it('has a whole period that is the period itself unless it starts short, and longer if it does', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, ({ anchor }, interval) => {
        const [first, whole] = [periodAt(anchor, interval, 0), wholePeriodAt(anchor, interval, 0)];
        expect(whole.end).toBe(first.end);
        expect(whole.start < first.start).toBe(startsShort(anchor, interval));
        if (!startsShort(anchor, interval)) expect(whole).toEqual(first);
      }),
      often,
    );
  });
});

describe('The period that contains an instant', () => {
  it('is the one whose index it tells, for every moment of it', () => {
    fc.assert(
      fc.property(anyAnchor, anyInterval, anyIndex, fc.double({ min: 0, max: 1, noNaN: true }), ({ anchor }, interval, index, share) => {
        const period = periodAt(anchor, interval, index);
        const length = epochMs(period.end) - epochMs(period.start);
        fc.pre(length > 0);
        const within = fromEpochMs(epochMs(period.start) + Math.min(length - 1, Math.floor(share * length)));
        for (const at of [period.start, within, fromEpochMs(epochMs(period.end) - 1)]) {
          expect(contains(period, at)).toBe(true);
          expect(periodContaining(anchor, interval, at)).toEqual({ index, ...period });
        }
      }),
      often,
    );
  });

  it('does not exist before billing began', () => {
    const anchor = anchorAt(instant('2026-01-31T15:15:00Z'), newYork);
    expect(periodContaining(anchor, month, instant('2026-01-31T15:14:59.999Z'))).toBeUndefined();
    expect(periodContaining(anchor, month, instant('2026-01-31T15:15:00Z'))?.index).toBe(0);
  });
});

describe("The customer's days", () => {
  it('are those of the time zone', () => {
    const at = instant('2026-03-01T03:00:00Z');
    expect(localDate(at, newYork)).toBe('2026-02-28');
    expect(localDate(at, berlin)).toBe('2026-03-01');
  });

  it.each([
    ['2026-01-31T10:15:00.000', 0, 28],
    ['2026-01-31T10:15:00.000', 1, 31],
    ['2026-03-01T10:15:00.000', 0, 31],
    ['2026-11-01T00:00:00.000', 0, 30],
    ['2028-02-01T00:00:00.000', 0, 29],
  ])('of the month anchored at %s, period %d, are %d, whatever the clocks do', (local, index, days) => {
    const { start, end } = periodAt(anchorOn(local), month, index);
    expect(daysBetween(start, end, newYork)).toBe(days);
  });

  it.each(['Pacific/Apia', 'Pacific/Fakaofo'])('are days that were: December 2011 had 30 of them in %s', (name) => {
    const zone = timeZone(name);
    const tenOn = (date: string) => periodAt(anchorOn(`${date}T10:00:00.000`, zone), { unit: 'day', count: 1 }, 0).start;
    expect(daysBetween(tenOn('2011-12-01'), tenOn('2012-01-01'), zone)).toBe(30);
    expect(daysBetween(tenOn('2011-12-29'), tenOn('2011-12-31'), zone)).toBe(1);
    expect(daysBetween(tenOn('2011-12-31'), tenOn('2012-01-01'), zone)).toBe(1);
  });

  it('of adjoining periods add up', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, anyInstant, anyInstant, (zone, a, b, c) => {
        expect(daysBetween(a, b, zone) + daysBetween(b, c, zone)).toBe(daysBetween(a, c, zone));
      }),
      {
        examples: [
          [
            timeZone('Pacific/Kiritimati'),
            instant('1975-01-01T00:00:00Z'),
            instant('1994-12-31T10:00:00Z'),
            instant('1975-01-01T00:00:00Z'),
          ],
        ],
      },
    );
  });

  it('between two instants are the dates one walks through', () => {
    fc.assert(
      fc.property(anyZone, anyInstant, fc.integer({ min: 0, max: 400 * DAY_MS }), (zone, start, ms) => {
        const end = fromEpochMs(epochMs(start) + ms);
        const moments = [-14, -2, 10, 22, 34].map((hours) => hours * 3_600_000);
        const was = (day: string) => moments.some((ms) => localDate(fromEpochMs(Date.parse(day) + ms), zone) === day);
        let walked = 0;
        for (let date = localDate(start, zone); date < localDate(end, zone); ) {
          date = new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 10);
          if (was(date)) walked += 1;
        }
        expect(daysBetween(start, end, zone)).toBe(walked);
      }),
      { numRuns: 50 },
    );
  });

  it('later have the same local time, across a change of the clocks too', () => {
    expect(plusDays(instant('2026-03-07T15:00:00Z'), 1, newYork)).toBe('2026-03-08T14:00:00.000Z');
    expect(plusDays(instant('2026-10-31T14:00:00Z'), 1, newYork)).toBe('2026-11-01T15:00:00.000Z');
    expect(plusDays(instant('2026-03-08T14:00:00Z'), -1, newYork)).toBe('2026-03-07T15:00:00.000Z');
    expect(plusDays(instant('2026-03-07T15:00:00.123Z'), 0, newYork)).toBe('2026-03-07T15:00:00.123Z');
  });

  it('so many later are that many days away', () => {
    const since2012 = anyInstant.filter((at) => at >= '2012');
    fc.assert(
      fc.property(anyZone, since2012, fc.integer({ min: -800, max: 800 }), (zone, at, days) => {
        fc.pre(plusDays(at, days, zone) >= '2012');
        expect(daysBetween(at, plusDays(at, days, zone), zone)).toBe(days);
      }),
      often,
    );
  });

  it('a month later are the same, or the last of a shorter month', () => {
    expect(plusMonths(instant('2026-01-31T15:00:00Z'), 1, newYork)).toBe('2026-02-28T15:00:00.000Z');
    expect(plusMonths(instant('2026-02-28T15:00:00Z'), 1, newYork)).toBe('2026-03-28T14:00:00.000Z');
    expect(plusMonths(instant('2024-02-29T15:00:00Z'), -12, newYork)).toBe('2023-02-28T15:00:00.000Z');
  });
});
