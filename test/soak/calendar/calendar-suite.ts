import { type Anchor, anchorAlignedTo, anchorAt, startOf } from '#kernel/anchor.js';
import { periodAt, plusDays, plusMonths } from '#kernel/calendar.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import { type Interval, type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import type { Period } from '#kernel/period.js';
import { timeZone } from '#kernel/time-zone.js';
import { boundsDayByDay } from '../../../apps/cli/src/verify/day-by-day.js';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { zones } from './zones.js';

interface Trial {
  readonly kind: string;
  readonly anchor: Anchor;
  readonly start: Instant;
  readonly interval: Interval;
}

/** The calendar that is tried: the kernel's, or the one that a control puts in its place. */
type Calendar = (anchor: Anchor, interval: Interval, index: number) => Period;

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const PERIODS = 14;
const LONGEST: Readonly<Record<IntervalUnit, number>> = { day: 90, week: 12, month: 12, quarter: 4, year: 2 };

/** One trial is a billing cycle: its first periods, computed from their index, against those found by walking day by day. */
export async function runCalendarSuite(options: SuiteOptions): Promise<SuiteResult & { readonly periods: number }> {
  const tally = new Tally('calendar', options);
  const chance = new SeededChance(options.seed);
  const calendar = options.control ? fromThePeriodBefore : periodAt;
  let periods = 0;
  for (let index = 0; index < options.size; index += 1) {
    const trial = trialOf(chance);
    tally.count(trial.kind);
    const failure = compare(trial, calendar);
    if (failure) tally.fail(`cycle ${index}: ${failure}`);
    periods += PERIODS;
    tally.advance();
  }
  return tally.result({ periods });
}

function compare({ anchor, start, interval }: Trial, calendar: Calendar): string | null {
  const walk = boundsDayByDay({ start, timeZone: anchor.timeZone, interval, anchorDay: anchor.anchorDay ?? null });
  let begins: Instant = walk.next().value;
  for (let index = 0; index < PERIODS; index += 1) {
    const ends: Instant = walk.next().value;
    const period = calendar(anchor, interval, index);
    if (period.start !== begins || period.end !== ends) {
      const cycle = `${JSON.stringify(anchor)} every ${interval.count} ${interval.unit}`;
      return `${cycle}: period ${index} is ${period.start} to ${period.end}, by the calendar on the wall ${begins} to ${ends}.`;
    }
    begins = ends;
  }
  return null;
}

function trialOf(chance: SeededChance): Trial {
  const zone = timeZone(chance.oneOf(zones));
  const unit = chance.oneOf(intervalUnits);
  const interval = { unit, count: chance.between(1, LONGEST[unit]) };
  const kind = chance.oneOf(['any day', 'end of month', 'change of clocks', 'leap day']);
  const start = startFor(kind, zone, chance);
  const anchor = chance.between(0, 2) === 0 ? anchorAlignedTo(chance.between(28, 31), start, zone) : anchorAt(start, zone);
  return { kind, anchor, start, interval };
}

function startFor(kind: string, zone: string, chance: SeededChance): Instant {
  const time = chance.between(0, DAY_MS - 1);
  const onWall = (year: number, month: number, day: number) =>
    fromEpochMs(
      new Temporal.PlainDateTime(year, month, Math.min(day, new Temporal.PlainYearMonth(year, month).daysInMonth))
        .add({ milliseconds: time })
        .toZonedDateTime(zone).epochMilliseconds,
    );
  if (kind === 'end of month') return onWall(chance.between(2024, 2032), chance.between(1, 12), chance.between(28, 31));
  if (kind === 'leap day') return onWall(chance.oneOf([2024, 2028, 2032]), 2, 29);
  const any = fromEpochMs(Date.UTC(chance.between(2024, 2032), chance.between(0, 11), chance.between(1, 28)) + time);
  if (kind === 'any day') return any;
  const change = Temporal.Instant.from(any).toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  // Around the change itself, or so that a period is going to end around one.
  const near = (change?.epochMilliseconds ?? Date.parse(any)) + chance.between(-90, 90) * MINUTE_MS;
  const at = fromEpochMs(near);
  return chance.between(0, 1) === 0 ? at : plusDays(at, -chance.between(1, 60), timeZone(zone));
}

/** The control, and the mistake of many billing systems: each period computed from the one before it. */
function fromThePeriodBefore(anchor: Anchor, interval: Interval, index: number): Period {
  const months = { day: 0, week: 0, month: 1, quarter: 3, year: 12 }[interval.unit] * interval.count;
  const days = { day: 1, week: 7, month: 0, quarter: 0, year: 0 }[interval.unit] * interval.count;
  let start = startOf(anchor);
  const next = (at: Instant) => (months > 0 ? plusMonths(at, months, anchor.timeZone) : plusDays(at, days, anchor.timeZone));
  for (let passed = 0; passed < index; passed += 1) start = next(start);
  return { start, end: next(start) };
}
