import { epochMs, type Instant } from './instant.js';

/** A half-open span of time, `[start, end)`: the end belongs to the next period. */
export interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

export function contains(period: Period, at: Instant): boolean {
  return period.start <= at && at < period.end;
}

export function durationMs(period: Period): number {
  return epochMs(period.end) - epochMs(period.start);
}
