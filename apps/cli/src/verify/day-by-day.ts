import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';

const DAY_MS = 86_400_000;

/** A billing cycle as it was agreed: where it began, and how it goes on. */
export interface Cycle {
  readonly start: Instant;
  readonly timeZone: string;
  readonly interval: Interval;
  /** The day of the month to bill on; null for the day of the start. */
  readonly anchorDay: number | null;
}

/**
 * The instants that part the periods of a cycle, found by walking the calendar one day at a time and counting, with no more
 * knowledge of time zones than what Intl prints. Shares nothing with the calendar that bills, which computes a period from
 * its index. Goes on for ever.
 */
export function* boundsDayByDay({ start, timeZone, interval, anchorDay }: Cycle): Generator<Instant, never> {
  yield start;
  const isBillingDay = billingDays(interval, anchorDay, wallClock(Date.parse(start), timeZone));
  const stride = { day: 1, week: 7, month: 1, quarter: 3, year: 12 }[interval.unit] * interval.count;
  let wall = wallClock(Date.parse(start), timeZone);
  // A cycle that begins beside its anchor day reaches it first: that makes one short period, however long the others are.
  let passed = isBillingDay(wall) ? 0 : stride - 1;
  for (;;) {
    wall += DAY_MS;
    if (isBillingDay(wall)) passed += 1;
    if (passed < stride) continue;
    passed = 0;
    yield fromEpochMs(instantShowing(wall, timeZone));
  }
}

/** Every day counts for days and weeks; else the anchor's day of the month, or the last day of a month that has no such day. */
function billingDays({ unit }: Interval, anchorDay: number | null, startWall: number): (wall: number) => boolean {
  if (unit === 'day' || unit === 'week') return () => true;
  const wanted = anchorDay ?? new Date(startWall).getUTCDate();
  return (wall) => {
    const day = new Date(wall).getUTCDate();
    return day === wanted || (day < wanted && new Date(wall + DAY_MS).getUTCDate() === 1);
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of the zone show at a moment, as if it were UTC, in milliseconds. */
function wallClock(utcMs: number, zone: string): number {
  let clock = clocks.get(zone);
  if (!clock) {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    clock = new Intl.DateTimeFormat('en-US', { ...digits, timeZone: zone, hourCycle: 'h23' });
    clocks.set(zone, clock);
  }
  const [month, day, year, hour, minute, second] = (clock.format(utcMs).match(/\d+/g) ?? []).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second, utcMs - Math.floor(utcMs / 1000) * 1000);
}

/** The first moment at which the clocks show that time; where they jump over it, as much later as they jump. */
function instantShowing(wall: number, zone: string): number {
  const before = wallClock(wall - DAY_MS, zone) - (wall - DAY_MS);
  const after = wallClock(wall + DAY_MS, zone) - (wall + DAY_MS);
  if (before === after) return wall - before;
  const showing = [wall - before, wall - after].filter((utcMs) => wallClock(utcMs, zone) === wall);
  return showing.length > 0 ? Math.min(...showing) : wall - before;
}
