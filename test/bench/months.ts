import { type Instant, instant } from '#kernel/instant.js';

/**
 * When the n-th renewal of a bench's portfolio falls due. It begins on 1 January at midnight UTC, in New York still the
 * 31st of December: so every month has its end there.
 */
export function renewalOf(month: number): Instant {
  return instant(
    Temporal.Instant.from('2026-01-01T00:00:00Z').toZonedDateTimeISO('America/New_York').add({ months: month }).toInstant().toString(),
  );
}
