import { daysBetween } from '#kernel/calendar.js';
import { epochMs, type Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Proration } from './proration.js';

/** What a period is counted in: the customer's days, or seconds. */
export type ProrationUnit = Proration['unit'];

/** The part of a period that a segment of it is. Null where it is the whole. */
export function partOfPeriod(segment: Period, period: Period, unit: ProrationUnit, timeZone: TimeZone): Proration | null {
  const denominator = lengthOf(period, unit, timeZone);
  const numerator = elapsed(period, segment.end, unit, timeZone) - elapsed(period, segment.start, unit, timeZone);
  // A period within one day has no midnight to count.
  if (numerator === denominator || denominator === 0) return null;
  return { numerator: String(numerator), denominator: String(denominator), unit };
}

/**
 * How much of a period is over at a moment. The day of the moment is not: it belongs to what comes, as the last day of the period
 * does until it ends. So the parts of a period sum to the whole, wherever it is cut.
 */
export function elapsed(period: Period, at: Instant, unit: ProrationUnit, timeZone: TimeZone): number {
  const length = lengthOf(period, unit, timeZone);
  if (at >= period.end) return length;
  const before = lengthOf({ start: period.start, end: at }, unit, timeZone);
  return unit === 'day' ? Math.min(before, Math.max(length - 1, 0)) : before;
}

export function lengthOf({ start, end }: Period, unit: ProrationUnit, timeZone: TimeZone): number {
  return unit === 'day' ? daysBetween(start, end, timeZone) : Math.floor((epochMs(end) - epochMs(start)) / 1000);
}
