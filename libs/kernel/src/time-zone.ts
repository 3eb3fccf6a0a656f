import { defineRefusal } from './refusal.js';

declare const timeZoneBrand: unique symbol;

/** The name of an IANA time zone in its usual spelling, for example `America/New_York`. */
export type TimeZone = string & { readonly [timeZoneBrand]: true };

export const timeZoneUnknown = defineRefusal({
  code: 'time_zone_unknown',
  kind: 'invalid',
  hint: 'Give the name of an IANA time zone, for example Europe/Berlin or UTC.',
});

/**
 * Reads a time zone given from outside; letter case is mended, older names (`US/Eastern`) are kept as they were given.
 * Refuses with `time_zone_unknown`, bare offsets such as `+02:00` too: an offset does not know when the clocks change.
 */
export function timeZone(text: string, pointer?: string): TimeZone {
  const name = typeof text === 'string' && /^[a-z]/i.test(text) ? ianaName(text) : undefined;
  if (!name) throw timeZoneUnknown(`"${String(text).slice(0, 80)}" is not an IANA time zone.`, { pointer });
  return name as TimeZone;
}

function ianaName(text: string): string | undefined {
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId;
  } catch {
    return undefined;
  }
}
