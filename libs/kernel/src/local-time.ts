import { fromEpochMs, type Instant } from './instant.js';
import type { TimeZone } from './time-zone.js';

/**
 * The way from instants to the clock on the wall of a time zone and back.
 * A local time that the clocks skip moves on by the length of the gap, and one that comes twice means its first coming
 * (the disambiguation "compatible" of Temporal and RFC 5545), as the calendars on people's phones do it.
 */

export function zoned(at: Instant, timeZone: TimeZone): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
}

/** What the clocks of that zone show at an instant, as `YYYY-MM-DDTHH:mm:ss.sss`. */
export function localTime(at: Instant, timeZone: TimeZone): string {
  return zoned(at, timeZone).toPlainDateTime().toString({ fractionalSecondDigits: 3 });
}

/** The instant at which the clocks of that zone show a local time. */
export function instantOf(local: Temporal.PlainDateTime, timeZone: TimeZone): Instant {
  return fromEpochMs(local.toZonedDateTime(timeZone).epochMilliseconds);
}

/** The same, but the second coming of a local time that comes twice. */
export function laterInstantOf(local: Temporal.PlainDateTime, timeZone: TimeZone): Instant {
  return fromEpochMs(local.toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds);
}

/** When the customer's day began that an instant lies in. */
export function startOfDay(at: Instant, timeZone: TimeZone): Instant {
  return fromEpochMs(zoned(at, timeZone).startOfDay().epochMilliseconds);
}

/** When the hour began on the customer's clock: half past where a zone is half an hour off. */
export function startOfHour(at: Instant, timeZone: TimeZone): Instant {
  return fromEpochMs(zoned(at, timeZone).round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds);
}
