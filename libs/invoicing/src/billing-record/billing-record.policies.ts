import { plusMonths } from '#kernel/calendar.js';
import type { Instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';

/** The longest that the tax law of a member state of the EU wants invoices kept, as Germany's did until 2025 (§ 147 AO). */
export const YEARS_KEPT = 10;

/** Until when the law wants it known whom the last invoice billed. */
export function keptUntil(lastIssuedAt: Instant): Instant {
  return plusMonths(lastIssuedAt, 12 * YEARS_KEPT, timeZone('UTC'));
}
