import { type Anchor, anchorAlignedTo, anchorAt } from '#kernel/anchor.js';
import { daysBetween, lastingPeriodFrom, plusDays, startsShort, wholePeriodAt } from '#kernel/calendar.js';
import { Decimal, decimal } from '#kernel/decimal.js';
import { derivedId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { lateUsageUntil } from '#metering/late-usage.js';
import type { UsageTotals } from '#metering/usage-totals.js';
import type { Bill, DocumentKind } from '#pricing/bill.js';
import { type Charge, type Chargeable, type ChargeOwner, chargeFor, type Proration } from '#pricing/charge.js';
import { isMetered, isPercentage } from '#pricing/metered-price.js';
import { type AgreedPrice, takesQuantity } from '#pricing/price.js';
import { type Item, PeriodEnded, PeriodStarted, type SubscriptionEvent } from './subscription.events.js';
import { itemUnknown, quantityNotTaken } from './subscription.refusals.js';
import type { Active, Agreement } from './subscription.state.js';

/** A trial ends at the same local time so many days later. */
export function endOfTrial(startedAt: Instant, trialDays: number, timeZone: TimeZone): Instant | null {
  return trialDays > 0 ? plusDays(startedAt, trialDays, timeZone) : null;
}

/** What a caller says of quantities: one for all prices that take one, and others for single prices. */
export interface WantedQuantities {
  readonly quantity: number | null;
  readonly items?: readonly { readonly priceCode: string; readonly quantity: number }[];
}

/** An item for every price that takes a quantity, 1 where nothing was said. Refuses a quantity that would be ignored. */
export function itemsOf(prices: readonly AgreedPrice[], { quantity, items = [] }: WantedQuantities): Item[] {
  const countable = prices.filter(takesQuantity);
  if (countable.length === 0 && (quantity ?? 1) !== 1) {
    throw quantityNotTaken(`The plan has no price per unit, so a quantity of ${quantity} means nothing.`, { pointer: '/quantity' });
  }
  for (const [index, { priceCode }] of items.entries()) {
    const pointer = `/items/${index}/priceCode`;
    if (!prices.some(({ code }) => code === priceCode)) throw itemUnknown(`The plan has no price ${priceCode}.`, { pointer });
    if (!countable.some(({ code }) => code === priceCode)) throw quantityNotTaken(`The price ${priceCode} takes no quantity.`, { pointer });
    if (items.findIndex((other) => other.priceCode === priceCode) < index) {
      throw itemUnknown(`The price ${priceCode} is named twice.`, { pointer, hint: 'Name each price once.' });
    }
  }
  return countable.map(({ code }) => {
    const own = items.find(({ priceCode }) => priceCode === code);
    return { priceCode: code, quantity: String(own?.quantity ?? quantity ?? 1) };
  });
}

/** What was used of the periods that a command ends or settles; null where there are none, or where nothing is metered. */
export type KnownUsage = UsageTotals | null;

/** What whoever ends or settles a period knows besides the subscription. */
export interface UsageFacts {
  readonly usage: KnownUsage;
}

/** The period in which a cycle that began at a moment is by now. */
export function runningPeriod(agreement: Agreement, at: Instant, now: Instant): Period {
  return periodsBegun(agreement, anchorOf(agreement, at), now).at(-1)!.period;
}

/** The cycle is anchored at a moment, and its first period begins there, with all periods since that are over already. */
export function cycleBegins(agreement: Agreement, at: Instant, now: Instant, usage: KnownUsage, number = 1): SubscriptionEvent[] {
  const anchor = anchorOf(agreement, at);
  const periods = periodsBegun(agreement, anchor, now, number);
  const running = periods.pop()!;
  const carried = periods.flatMap((over) => [
    ...chargesInAdvance(agreement, anchor, over),
    ...chargesInArrears(agreement, over, partOfPeriod(agreement, anchor, over.index, over.period), usage),
  ]);
  const events = periods.flatMap((over) => {
    const ends = periodEnds(agreement, over, 'renewed', { bill: null }, partOfPeriod(agreement, anchor, over.index, over.period), now);
    return [periodStarts(agreement, over, { bill: null }), ends];
  });
  const charges = [...carried, ...chargesInAdvance(agreement, anchor, running)];
  return [...events, periodStarts(agreement, running, billed(agreement, 'period', `period/${running.number}`, charges))];
}

/** The periods of a cycle up to the one that is running, which comes last. */
function periodsBegun({ terms: { interval } }: Agreement, anchor: Anchor, now: Instant, number = 1): Begun[] {
  const periods: Begun[] = [];
  let begun: Begun = { number, ...lastingPeriodFrom(anchor, interval, 0), anchor };
  while (begun.period.end <= now) {
    periods.push(begun);
    begun = { number: begun.number + 1, ...lastingPeriodFrom(anchor, interval, begun.index + 1) };
  }
  return [...periods, begun];
}

function anchorOf({ anchorDay, timeZone }: Agreement, at: Instant): Anchor {
  return anchorDay === null ? anchorAt(at, timeZone) : anchorAlignedTo(anchorDay, at, timeZone, '/anchorDay');
}

/** The next period begins where the current one ends; what the old one leaves to be paid in arrears is billed with the new one. */
export function cycleGoesOn(state: Active, usage: KnownUsage): SubscriptionEvent[] {
  const { current, anchor, terms } = state;
  const begun = { number: current.number + 1, ...lastingPeriodFrom(anchor, terms.interval, current.index + 1) };
  const part = partOfPeriod(state, anchor, current.index, current.period);
  const charges = [...chargesInArrears(state, current, part, usage), ...chargesInAdvance(state, anchor, begun)];
  const billing = billed(state, 'period', `period/${begun.number}`, charges);
  return [periodEnds(state, current, 'renewed', { bill: null }, part), periodStarts(state, begun, billing)];
}

/** The current period ends with the subscription, early or not; what was used of it in arrears is billed now. */
export function cycleEnds(state: Active, at: Instant, usage: KnownUsage): SubscriptionEvent[] {
  const { number, period } = state.current;
  const used = { number, period: { start: period.start, end: at < period.end ? at : period.end } };
  const part = usedPart(state, used.period.end);
  const billing = billed(state, 'period', `period/${number}/end`, chargesInArrears(state, used, part, usage));
  return [periodEnds(state, used, 'canceled', billing, part)];
}

type Begun = Pick<PeriodStarted['data'], 'number' | 'index' | 'period' | 'anchor'>;

function periodStarts({ subscriptionId, accountId }: Agreement, begun: Begun, billing: Billing): PeriodStarted {
  return new PeriodStarted({ subscriptionId, accountId, ...begun, ...billing });
}

/** `now` where the end may be noticed so late that nothing can come any more: of what did not exist nothing was used. */
function periodEnds(
  agreement: Agreement,
  { number, period }: Pick<Begun, 'number' | 'period'>,
  because: PeriodEnded['data']['because'],
  billing: Billing,
  part: Proration | null,
  now: Instant = period.end,
): PeriodEnded {
  const { subscriptionId, accountId, terms, timeZone } = agreement;
  const until = terms.prices.some(({ meter }) => meter) ? lateUsageUntil(period.end, timeZone) : null;
  const lateUsage = until !== null && now < until ? { until, part } : null;
  return new PeriodEnded({ subscriptionId, accountId, number, period, because, ...billing, lateUsage });
}

/** What an event says of the charges that it brings: they are billed with it, or wait for a later bill. */
export interface Billing {
  readonly bill: Bill | null;
  readonly unbilled?: readonly Charge[];
}

/**
 * Bills charges together with those that wait. What would come to less than nothing waits as well: an invoice is never negative,
 * and the next one that can bear it takes it off.
 */
export function billed({ unbilled }: Pick<Agreement, 'unbilled'>, kind: DocumentKind, cause: string, charges: readonly Charge[]): Billing {
  if (charges.length === 0) return { bill: null };
  const all = [...unbilled, ...charges];
  const total = all.reduce((sum, { amount }) => sum + amount.amount, 0n);
  return total < 0n ? { bill: null, unbilled: charges } : { bill: { kind, cause, charges: all } };
}

/** What is charged once at the start of a trial, unless its price says that it waits for the trial's end. */
export function chargedAtTrialStart(agreement: Agreement, startedAt: Instant): Bill | null {
  const atStart = { ...agreement.terms, prices: agreement.terms.prices.filter(({ billedAt }) => billedAt !== 'trialEnd') };
  const charges = chargesOnce({ ...agreement, terms: atStart }, 'start', { start: startedAt, end: startedAt });
  return charges.length > 0 ? { kind: 'oneOff', cause: 'start', charges } : null;
}

function chargesInAdvance(agreement: Agreement, anchor: Anchor, { number, index, period }: Begun): Charge[] {
  const part = partOfPeriod(agreement, anchor, index, period);
  const recurring = agreement.terms.prices.filter(({ kind, billing }) => kind === 'recurring' && billing === 'advance');
  return [
    ...recurring.map((price) => charge(agreement, price, `period/${number}`, period, part)),
    ...(number === 1 ? chargesOnce(agreement, `period/${number}`, period) : []),
  ];
}

/** Never again what this subscription was charged once. */
function chargesOnce(agreement: Agreement, cause: string, period: Period): Charge[] {
  const { terms, billedOnce } = agreement;
  return terms.prices
    .filter(({ kind, code }) => kind === 'oneTime' && !billedOnce.includes(`${terms.planId}/${code}`))
    .map((price) => charge(agreement, price, cause, period, null));
}

/** What recurs and what was used, in the order of the plan. The part is that of what recurs; of usage, only the limits are prorated. */
function chargesInArrears(
  agreement: Agreement,
  { number, period }: Pick<Begun, 'number' | 'period'>,
  part: Proration | null,
  usage: KnownUsage,
): Charge[] {
  return agreement.terms.prices
    .filter(({ kind, billing }) => kind === 'usage' || (kind === 'recurring' && billing === 'arrears'))
    .map((price) => charge(agreement, price, `period/${number}/end`, period, part, usedOf(price, period, usage)))
    .filter((charge) => !isUnused(charge));
}

/** Of each metered price, also where nothing was used and nothing is charged. */
export function chargesForUsage(agreement: Agreement, cause: string, period: Period, part: Proration | null, usage: KnownUsage): Charge[] {
  const metered = agreement.terms.prices.filter(({ kind }) => kind === 'usage');
  return metered.map((price) => charge(agreement, price, cause, period, part, usedOf(price, period, usage)));
}

/** Nothing was used and nothing is charged for that: no line says it. */
export function isUnused({ kind, quantity, amount }: Charge): boolean {
  return kind === 'usage' && quantity === '0' && amount.isZero;
}

/**
 * What was used of a price; undefined for one that is not metered. Facts are as stored before a batch: where a command before it
 * began the period that this one ends, its usage was not read. The failure makes the batch end before it, and with the next one
 * it is.
 */
function usedOf(price: AgreedPrice, { start }: Period, usage: KnownUsage): Used | undefined {
  if (!isMetered(price)) return undefined;
  if (!usage) throw new Error(`The usage of the period from ${start} was not read.`);
  return { quantity: usage.of(price.meter, start), ...(isPercentage(price) && { feeCounts: usage.feesOf(price, start) }) };
}

type Used = Pick<Chargeable, 'quantity' | 'feeCounts'>;

function charge(agreement: Agreement, price: AgreedPrice, cause: string, period: Period, proration: Proration | null, used?: Used): Charge {
  const { subscriptionId, currency, items } = agreement;
  return chargeFor(price, {
    id: derivedId(subscriptionId, `charge/${cause}/${price.code}`),
    owner: ownerOf(agreement),
    currency,
    ...(used ?? { quantity: quantityOf(items, price.code) }),
    period,
    proration,
  });
}

function ownerOf({ subscriptionId, terms }: Agreement): ChargeOwner {
  return { subscriptionId, plan: { id: terms.planId, version: terms.planVersion, name: terms.planName } };
}

function quantityOf(items: readonly Item[], code: string): Decimal {
  const item = items.find(({ priceCode }) => priceCode === code);
  return item ? decimal(item.quantity) : Decimal.one;
}

/** A first period that is shortened to end on the anchor's day costs its days of the whole period's days. */
function partOfPeriod({ terms: { interval }, timeZone }: Agreement, anchor: Anchor, index: number, period: Period): Proration | null {
  if (index > 0 || !startsShort(anchor, interval)) return null;
  const whole = wholePeriodAt(anchor, interval, index);
  return partByDay(daysBetween(period.start, period.end, timeZone), daysBetween(whole.start, whole.end, timeZone));
}

/** The days of the current period up to its end, early or not, of the days of the whole one: the day of the end is used. */
function usedPart({ current: { index, period }, anchor, terms, timeZone }: Active, endedAt: Instant): Proration | null {
  const whole = wholePeriodAt(anchor, terms.interval, index);
  const [days, ofDays] = [daysBetween(period.start, period.end, timeZone), daysBetween(whole.start, whole.end, timeZone)];
  const used = endedAt < period.end ? Math.min(daysBetween(period.start, endedAt, timeZone) + 1, days) : days;
  return used < ofDays ? partByDay(used, ofDays) : null;
}

function partByDay(numerator: number, denominator: number): Proration {
  return { numerator: String(numerator), denominator: String(denominator), unit: 'day' };
}
