import { plusMonths } from '#kernel/calendar.js';
import { type Instant, instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';

/** Longer advances are mistakes more often than not, and would keep a worker busy for as long as they last. */
const LONGEST_ADVANCE_MONTHS = 120;
const utc = timeZone('UTC');

/** What a clock can show: well within what PostgreSQL, calendars and time zone rules can be trusted with. */
export const clockRange = { earliest: instant('1970-01-01T00:00:00Z'), latest: instant('2200-01-01T00:00:00Z') } as const;

export function isOnTheDial(at: Instant): boolean {
  return at >= clockRange.earliest && at <= clockRange.latest;
}

/** The latest instant that one advance may go to: ten years on. */
export function furthestFrom(now: Instant): Instant {
  return plusMonths(now, LONGEST_ADVANCE_MONTHS, utc);
}
