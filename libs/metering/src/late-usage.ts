import { plusDays } from '#kernel/calendar.js';
import type { Instant } from '#kernel/instant.js';
import type { TimeZone } from '#kernel/time-zone.js';

/** So many days after a period's end, at the same local time of the customer, what was used in it is still accepted. */
const LATE_USAGE_DAYS = 7;

/** The first moment at which usage of a period that ends then is too late, and at which what came late is settled. */
export function lateUsageUntil(periodEnd: Instant, timeZone: TimeZone): Instant {
  return plusDays(periodEnd, LATE_USAGE_DAYS, timeZone);
}
