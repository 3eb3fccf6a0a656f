import type { Instant } from '#kernel/instant.js';
import { fromEpochMs } from '#kernel/instant.js';

/** The one place that reads the time of day. Decisions get the time as an argument. */
export class Clock {
  now(): Instant {
    return fromEpochMs(Date.now());
  }
}
