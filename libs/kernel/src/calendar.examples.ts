import fc from 'fast-check';
import { type Anchor, anchorAlignedTo, anchorAt } from './anchor.js';
import { fromEpochMs, type Instant } from './instant.js';
import { type Interval, intervalUnits } from './interval.js';
import { type TimeZone, timeZone } from './time-zone.js';

export const DAY_MS = 86_400_000;
export const zones = Intl.supportedValuesOf('timeZone').map((name) => timeZone(name));

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallMs(utcMs: number, zone: string): number {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...fields, timeZone: zone, hourCycle: 'h23' });
  clocks.set(zone, clock);
  const parts = Object.fromEntries(clock.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]));
  const thousandths = ((utcMs % 1000) + 1000) % 1000;
  return Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!, thousandths);
}

function utcMsOf(wall: number, zone: string): number {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((utcMs) => wallMs(utcMs, zone) - utcMs);
  const showing = offsets.map((offset) => wall - offset).filter((utcMs) => wallMs(utcMs, zone) === wall);
  return showing.length > 0 ? Math.min(...showing) : wall - offsets[0]!;
}

/**
 * An independent way to the billing periods: it walks the calendar one day at a time, counting, and knows of zones only what
 * Intl prints. Slow, and plain enough to be believed.
 */
export function boundsByWalking(anchor: Anchor, start: Instant, interval: Interval, count: number): Instant[] {
  const wall = Date.parse(`${anchor.local}Z`);
  const wanted = anchor.anchorDay ?? new Date(wall).getUTCDate();
  const byDay = interval.unit === 'day' || interval.unit === 'week';
  const stride = interval.count * { day: 1, week: 7, month: 1, quarter: 3, year: 12 }[interval.unit];
  const isBillingDay = (at: number) => {
    const day = new Date(at).getUTCDate();
    const isLastOfMonth = new Date(at + DAY_MS).getUTCDate() === 1;
    return byDay || day === wanted || (isLastOfMonth && day < wanted);
  };
  const bounds = [start];
  let passed = isBillingDay(wall) ? 0 : stride - 1;
  for (let at = wall + DAY_MS; bounds.length < count; at += DAY_MS) {
    if (isBillingDay(at)) passed += 1;
    if (passed < stride) continue;
    bounds.push(fromEpochMs(utcMsOf(at, anchor.timeZone)));
    passed = 0;
  }
  return bounds;
}

export const anyZone = fc.constantFrom(...zones);
export const anyInstant = fc.integer({ min: Date.parse('1975-01-01'), max: Date.parse('2060-01-01') }).map(fromEpochMs);
const anyDayMs = fc.integer({ min: 0, max: DAY_MS - 1 });
const anyYear = fc.integer({ min: 1975, max: 2060 });
const anyMonthEnd = fc
  .tuple(anyYear, fc.integer({ min: 0, max: 11 }), fc.integer({ min: 28, max: 31 }), anyDayMs)
  .map(([year, month, day, ms]) => fromEpochMs(Date.UTC(year, month, day) + ms));
const anyLeapDay = fc
  .tuple(fc.integer({ min: 494, max: 515 }), anyDayMs)
  .map(([fours, ms]) => fromEpochMs(Date.UTC(fours * 4, 1, 29) + ms));

/** A zone and a start: any one, one at the end of a month, on a leap day, or within hours of a change of the clocks. */
const anyStart: fc.Arbitrary<{ zone: TimeZone; start: Instant }> = fc
  .tuple(anyZone, fc.oneof(anyInstant, anyMonthEnd, anyLeapDay), fc.boolean(), fc.integer({ min: -100, max: 100 }))
  .map(([zone, at, nearChange, minutes]) => {
    const change = nearChange ? Temporal.Instant.from(at).toZonedDateTimeISO(zone).getTimeZoneTransition('next') : null;
    return { zone, start: change ? fromEpochMs(change.epochMilliseconds + minutes * 60_000) : at };
  });
export const anyAnchor = fc.tuple(anyStart, fc.option(fc.integer({ min: 1, max: 31 }))).map(([{ zone, start }, day]) => ({
  start,
  anchor: day === null ? anchorAt(start, zone) : anchorAlignedTo(day, start, zone),
}));
export const anyInterval: fc.Arbitrary<Interval> = fc
  .record({ unit: fc.constantFrom(...intervalUnits), count: fc.integer({ min: 1, max: 13 }) })
  .map(({ unit, count }) => ({ unit, count: unit === 'year' ? 1 + (count % 3) : count > 12 && unit === 'quarter' ? 12 : count }));
