import type { Instant } from './instant.js';
import { instantOf, laterInstantOf, localTime } from './local-time.js';
import { defineRefusal } from './refusal.js';
import type { TimeZone } from './time-zone.js';

export const anchorDayInvalid = defineRefusal({
  code: 'anchor_day_invalid',
  kind: 'invalid',
  hint: 'The day of the month to bill on is a whole number from 1 to 31; shorter months bill on their last day.',
});

/** Where billing began, as the clock on the customer's wall showed it. Plain JSON: it is stored in events. */
export interface Anchor {
  /** `YYYY-MM-DDTHH:mm:ss.sss` */
  readonly local: string;
  readonly timeZone: TimeZone;
  /** The day of the month, 1 to 31, that months, quarters and years end on; without it, the day on which billing began. */
  readonly anchorDay?: number;
  /** The clocks were put back over this local time, so it came twice, and billing began the second time. */
  readonly repeated?: true;
}

/** Billing that begins at an instant and is anchored there. */
export function anchorAt(start: Instant, timeZone: TimeZone): Anchor {
  const local = localTime(start, timeZone);
  const first = instantOf(Temporal.PlainDateTime.from(local), timeZone);
  return first === start ? { local, timeZone } : { local, timeZone, repeated: true };
}

/**
 * Billing that begins at an instant but on a fixed day of the month from then on: unless it begins on that day, its first period
 * is a short one, up to the first such day, at the local time of the start. Days and weeks know no such day and are not shortened.
 * Refuses with `anchor_day_invalid`.
 */
export function anchorAlignedTo(anchorDay: number, start: Instant, timeZone: TimeZone, pointer?: string): Anchor {
  if (!Number.isInteger(anchorDay) || anchorDay < 1 || anchorDay > 31) {
    throw anchorDayInvalid(`${String(anchorDay).slice(0, 80)} is not a day of the month.`, { pointer });
  }
  return { ...anchorAt(start, timeZone), anchorDay };
}

/** The instant at which billing began. */
export function startOf(anchor: Anchor): Instant {
  return anchor.repeated ? laterInstantOf(wallOf(anchor), anchor.timeZone) : instantOf(wallOf(anchor), anchor.timeZone);
}

export function wallOf(anchor: Anchor): Temporal.PlainDateTime {
  return Temporal.PlainDateTime.from(anchor.local);
}
