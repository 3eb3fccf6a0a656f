import { type Anchor, startOf, wallOf } from './anchor.js';
import { epochMs, fromEpochMs, type Instant } from './instant.js';
import type { Interval, IntervalUnit } from './interval.js';
import { instantOf, zoned } from './local-time.js';
import type { Period } from './period.js';
import type { TimeZone } from './time-zone.js';

/**
 * The billing period of that index, from 0 on. It follows from anchor and index alone, never from the period before it, so the 31st
 * bills on the last day of shorter months and comes back to the 31st. The end of each is the start of the next, to the millisecond.
 */
export function periodAt(anchor: Anchor, interval: Interval, index: number): Period {
  if (!Number.isInteger(index) || index < 0) throw new RangeError(`There is no period ${index}.`);
  const bounds = boundsOf(anchor, interval);
  return { start: bounds(index), end: bounds(index + 1) };
}

/**
 * The first period from that index on that lasts at all. A day that never was, as the 30th of December 2011 in Samoa, leaves the
 * period between it and the next day empty: nobody has anything for it, so it is passed by.
 */
export function lastingPeriodFrom(anchor: Anchor, interval: Interval, index: number): { readonly index: number; readonly period: Period } {
  const period = periodAt(anchor, interval, index);
  return period.start < period.end ? { index, period } : lastingPeriodFrom(anchor, interval, index + 1);
}

/**
 * The same as `periodAt`, except where the first period is a short one: then the whole period that it is the last part of.
 * The days of this one are what the price is for, so they are the denominator of a proration.
 */
export function wholePeriodAt(anchor: Anchor, interval: Interval, index: number): Period {
  const period = periodAt(anchor, interval, index);
  if (index > 0 || !startsShort(anchor, interval)) return period;
  return { start: instantOf(monthly(anchor, interval, wallOf(anchor))(0), anchor.timeZone), end: period.end };
}

/** Whether the first period ends early, so that the next ones begin on the anchor's day of the month. */
export function startsShort(anchor: Anchor, interval: Interval): boolean {
  const local = wallOf(anchor);
  return monthsIn(interval) > 0 && local.day !== dayInMonth(local, anchor);
}

/** The billing period that an instant lies in, with its index; nothing if billing began later. */
export function periodContaining(anchor: Anchor, interval: Interval, at: Instant): (Period & { readonly index: number }) | undefined {
  const bounds = boundsOf(anchor, interval);
  const start = bounds(0);
  if (at < start) return undefined;
  let index = Math.floor((epochMs(at) - epochMs(start)) / (MEAN_DAYS[interval.unit] * interval.count * DAY_MS));
  while (index > 0 && bounds(index) > at) index -= 1;
  while (bounds(index + 1) <= at) index += 1;
  return { index, start: bounds(index), end: bounds(index + 1) };
}

/** The local calendar day of an instant, as `YYYY-MM-DD`: the customer's day. */
export function localDate(at: Instant, timeZone: TimeZone): string {
  return zoned(at, timeZone).toPlainDate().toString();
}

/**
 * The number of local days that begin between two instants: of a billing period its days, whatever the clocks did meanwhile.
 * Negative when the end is before the start, so that adjoining spans add up in any order.
 */
export function daysBetween(start: Instant, end: Instant, timeZone: TimeZone): number {
  if (end < start) return 0 - daysBetween(end, start, timeZone); // a negated zero would be -0
  const [from, to] = [zoned(start, timeZone), zoned(end, timeZone)];
  const days = from.toPlainDate().until(to.toPlainDate()).days;
  const clocksMovedMs = Math.abs(to.offsetNanoseconds - from.offsetNanoseconds) / 1_000_000;
  return clocksMovedMs < HALF_DAY_MS ? days : days - daysThatNeverWere(from.toPlainDate(), days, timeZone);
}

/** Who moved to the other side of the date line has left a day out: its start is the start of the day after it. */
function daysThatNeverWere(from: Temporal.PlainDate, days: number, timeZone: TimeZone): number {
  const dates = Array.from({ length: days }, (_, index) => from.add({ days: index + 1 }));
  return dates.filter((date) => !date.toZonedDateTime(timeZone).toPlainDate().equals(date)).length;
}

/** The same local time so many days later, or earlier if negative. */
export function plusDays(at: Instant, days: number, timeZone: TimeZone): Instant {
  return fromEpochMs(zoned(at, timeZone).add({ days }).epochMilliseconds);
}

/** The same local time and day so many months later, or the month's last day where it is shorter. */
export function plusMonths(at: Instant, months: number, timeZone: TimeZone): Instant {
  return fromEpochMs(zoned(at, timeZone).add({ months }).epochMilliseconds);
}

const DAY_MS = 86_400_000;
const HALF_DAY_MS = DAY_MS / 2;
/** Mean lengths in the Gregorian calendar, which repeats after 146,097 days in 400 years: only for a first guess. */
const MEAN_DAYS: Readonly<Record<IntervalUnit, number>> = {
  day: 1,
  week: 7,
  month: 146_097 / 4800,
  quarter: 146_097 / 1600,
  year: 146_097 / 400,
};
const MONTHS: Readonly<Record<IntervalUnit, number>> = { day: 0, week: 0, month: 1, quarter: 3, year: 12 };

/** The instants that part the periods from each other: period n lies between bound n and bound n + 1. */
function boundsOf(anchor: Anchor, interval: Interval): (index: number) => Instant {
  const local = wallOf(anchor);
  const localBound = monthsIn(interval) > 0 ? monthly(anchor, interval, local) : daily(interval, local);
  return (index) => (index === 0 ? startOf(anchor) : instantOf(localBound(index), anchor.timeZone));
}

function daily({ unit, count }: Interval, local: Temporal.PlainDateTime): (index: number) => Temporal.PlainDateTime {
  const days = unit === 'week' ? 7 * count : count;
  return (index) => local.add({ days: index * days });
}

function monthly(anchor: Anchor, interval: Interval, local: Temporal.PlainDateTime): (index: number) => Temporal.PlainDateTime {
  const day = anchor.anchorDay ?? local.day;
  const day0 = dayInMonth(local, anchor);
  const monthsToAnchorDay = day0 < local.day ? 1 : 0;
  const shortPeriods = day0 === local.day ? 0 : 1;
  return (index) => onDay(day, local, monthsToAnchorDay + (index - shortPeriods) * monthsIn(interval));
}

function monthsIn(interval: Interval): number {
  return MONTHS[interval.unit] * interval.count;
}

/** The anchor's day in the month in which billing began. */
function dayInMonth(local: Temporal.PlainDateTime, anchor: Anchor): number {
  return Math.min(anchor.anchorDay ?? local.day, daysInMonth(local.year, local.month));
}

/**
 * That day so many months later, or the month's last day where it is shorter, at the same time of day.
 * Temporal's own `with` and `add` come to the same and take three times as long, which a billing run notices.
 */
function onDay(day: number, local: Temporal.PlainDateTime, monthsLater: number): Temporal.PlainDateTime {
  const months = local.year * 12 + local.month - 1 + monthsLater;
  const year = Math.floor(months / 12);
  const month = months - year * 12 + 1;
  const dayOfMonth = Math.min(day, daysInMonth(year, month));
  return new Temporal.PlainDateTime(year, month, dayOfMonth, local.hour, local.minute, local.second, local.millisecond);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
