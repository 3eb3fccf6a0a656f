import type { Anchor } from '#kernel/anchor.js';
import { daysBetween, periodAt, plusDays, startsShort, wholePeriodAt } from '#kernel/calendar.js';
import { Decimal } from '#kernel/decimal.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { type Charge, chargeFor, type Proration } from '#pricing/charge.js';
import { PeriodStarted } from './subscription.events.js';
import type { Agreement } from './subscription.state.js';

/** A trial ends at the same local time so many days later. */
export function endOfTrial(startedAt: Instant, trialDays: number, timeZone: TimeZone): Instant | null {
  return trialDays > 0 ? plusDays(startedAt, trialDays, timeZone) : null;
}

/** The period of that index begins: what it lasts, and what is charged for it in advance. One-time prices come with the first. */
export function periodStarts(agreement: Agreement, anchor: Anchor, index: number): PeriodStarted {
  const { subscriptionId, accountId, currency, terms } = agreement;
  const period = periodAt(anchor, terms.interval, index);
  return new PeriodStarted({
    subscriptionId,
    accountId,
    index,
    period,
    currency,
    planId: terms.planId,
    planVersion: terms.planVersion,
    charges: chargesInAdvance(agreement, anchor, index, period),
  });
}

function chargesInAdvance(agreement: Agreement, anchor: Anchor, index: number, period: Period): Charge[] {
  const { terms, quantity, currency } = agreement;
  const part = partOfPeriod(agreement, anchor, index, period);
  const seats = Decimal.of(BigInt(quantity));
  return terms.prices
    .filter(({ kind, billing }) => (kind === 'recurring' && billing === 'advance') || (kind === 'oneTime' && index === 0))
    .map((price) => chargeFor(price, seats, currency, period, price.kind === 'recurring' ? part : null));
}

/** A first period that is shortened to end on the anchor's day costs its days of the whole period's days. */
function partOfPeriod({ terms: { interval }, timeZone }: Agreement, anchor: Anchor, index: number, period: Period): Proration | null {
  if (index > 0 || !startsShort(anchor, interval)) return null;
  const whole = wholePeriodAt(anchor, interval, index);
  return {
    numerator: String(daysBetween(period.start, period.end, timeZone)),
    denominator: String(daysBetween(whole.start, whole.end, timeZone)),
    unit: 'day',
  };
}
