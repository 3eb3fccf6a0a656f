import { defineRefusal } from './refusal.js';

declare const instantBrand: unique symbol;

/** A moment in UTC as `YYYY-MM-DDTHH:mm:ss.sssZ`. The fixed width makes string order the order of time. */
export type Instant = string & { readonly [instantBrand]: true };

export const instantInvalid = defineRefusal({
  code: 'instant_invalid',
  kind: 'invalid',
  hint: 'Give an RFC 3339 instant, for example 2026-01-31T09:00:00Z.',
});

const INSTANT_LENGTH = 'YYYY-MM-DDTHH:mm:ss.sssZ'.length;

/** An instant in the fixed form already, or without its milliseconds, and of a day that every such month has. */
const PLAIN =
  /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;

/** Reads any RFC 3339 instant and brings it to the fixed form; milliseconds are kept, anything finer is cut. */
export function instant(text: string, pointer?: string): Instant {
  // As nearly everybody writes it: a batch of usage has a thousand of them.
  if (PLAIN.test(text)) return (text.length === INSTANT_LENGTH ? text : `${text.slice(0, -1)}.000Z`) as Instant;
  try {
    return fromTemporal(Temporal.Instant.from(text));
  } catch {
    throw instantInvalid(`"${String(text).slice(0, 80)}" is not an instant between the years 0001 and 9999.`, { pointer });
  }
}

export function fromEpochMs(epochMs: number): Instant {
  const text = new Date(epochMs).toISOString();
  // Years beyond four digits are written longer (+012026-…), and the order of the strings would no longer be that of time;
  // PostgreSQL knows no year 0.
  if (text.length !== INSTANT_LENGTH || text < '0001') throw new RangeError(`${text} lies outside the years 0001 to 9999.`);
  return text as Instant;
}

export function fromTemporal(value: Temporal.Instant): Instant {
  return fromEpochMs(value.epochMilliseconds);
}

export function epochMs(value: Instant): number {
  return Date.parse(value);
}

export function plusMs(value: Instant, durationMs: number): Instant {
  return fromEpochMs(epochMs(value) + durationMs);
}

export function laterOf(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

export function earlierOf(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
