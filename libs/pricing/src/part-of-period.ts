import { daysBetween } from '#kernel/calendar.js';
import { epochMs } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Proration } from './proration.js';

/** The part of a period that a segment of it is: by the customer's days, or by seconds. Null where it is the whole. */
export function partOfPeriod(segment: Period, period: Period, unit: 'day' | 'second', timeZone: TimeZone): Proration | null {
  const length = ({ start, end }: Period): number =>
    unit === 'day' ? daysBetween(start, end, timeZone) : Math.floor((epochMs(end) - epochMs(start)) / 1000);
  const [numerator, denominator] = [length(segment), length(period)];
  // A period within one day has no midnight to count.
  if (numerator === denominator || denominator === 0) return null;
  return { numerator: String(numerator), denominator: String(denominator), unit };
}
