import type { Database } from '#event-sourcing/sql.js';
import { anchorAt } from '#kernel/anchor.js';
import { periodAt } from '#kernel/calendar.js';
import { decimal } from '#kernel/decimal.js';
import { type Instant, instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import { currencyMismatch } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import { type TimeZone, timeZone } from '#kernel/time-zone.js';
import { rowById } from '#platform/sql/row-query.js';
import { soundPrice } from '#pricing/sound-price.js';
import { planIdOf } from '../plan/plan.policies.js';
import { planNotFound } from '../plan/plan.refusals.js';
import type { Discount } from '../quote/discounts.js';
import { type Quote, type QuotedItem, quote } from '../quote/quote.js';
import { discountInvalid, quoteItemInvalid, quotePeriodInvalid } from '../quote/quote.refusals.js';
import { type PlanRow, planRows } from '../read-models/plan-details/plan-details.query.js';
import { proposedPrice } from './price.requests.js';
import { readQuantity, readUsage, usageOfPlan } from './quoted-usage.js';
import type { PeriodFields, QuoteDiscountFields, QuoteFields, QuoteItemFields } from './quotes.requests.js';

interface ReadItem {
  readonly item: QuotedItem;
  readonly interval: Interval | null;
}

/** The quote that is asked for: the plans are looked up, and nothing is stored. REST and GraphQL ask in the same words. */
export async function quoted(database: Database, now: Instant, body: QuoteFields): Promise<Quote> {
  const { currency, change, proration = 'day' } = body;
  const zone = timeZone(body.timeZone ?? 'UTC');
  const items = await readItems(database, body.items, '/items');
  const replacement = change ? await readItems(database, change.items, '/change/items') : null;
  const period = wholePeriod(body, [...items, ...(replacement ?? [])], zone, now);
  const segment = segmentOf(body, period);
  const discounts = (body.discounts ?? []).map((given, index) => readDiscount(given, currency, `/discounts/${index}`));
  return quote({
    ...{ currency, timeZone: zone, period, segment, proration, discounts },
    items: items.map(({ item }) => item),
    replacement: replacement?.map(({ item }) => item) ?? null,
  });
}

function readItems(database: Database, given: readonly QuoteItemFields[], pointer: string): Promise<ReadItem[]> {
  return Promise.all(given.map((item, index) => readItem(database, item, `${pointer}/${index}`)));
}

async function readItem(
  database: Database,
  { planCode, planId, price, quantity, usage }: QuoteItemFields,
  pointer: string,
): Promise<ReadItem> {
  if ([planCode, planId, price].filter((named) => named !== undefined).length !== 1) {
    throw quoteItemInvalid('The item is not one of a plan and a price.', { pointer });
  }
  const shared = { quantity: readQuantity(quantity, `${pointer}/quantity`), pointer };
  if (price) {
    const sound = soundPrice(proposedPrice(price), `${pointer}/price`);
    const used = usage === undefined ? {} : { [sound.code]: readUsage(sound, usage, `${pointer}/usage`) };
    return { item: { ...shared, name: null, prices: [sound], usage: used }, interval: null };
  }
  const row = await rowById<PlanRow>(database, planRows, planId ?? planIdOf(planCode!));
  if (!row) throw planNotFound(`There is no plan ${planId ?? planCode}.`, { pointer });
  const { name, prices, interval } = row;
  return { item: { ...shared, name, prices, usage: usageOfPlan(prices, usage, `${pointer}/usage`) }, interval };
}

/** Given, or one interval of the first plan; where nothing recurs, a moment is enough. */
function wholePeriod({ period, at }: QuoteFields, items: readonly ReadItem[], zone: TimeZone, now: Instant): Period {
  if (period) return readPeriod(period, '/period');
  const start = at === undefined ? now : instant(at);
  const interval = items.find((each) => each.interval !== null)?.interval;
  if (interval) return periodAt(anchorAt(start, zone), interval, 0);
  if (items.some(({ item }) => item.prices.some(({ kind }) => kind === 'recurring'))) {
    throw quotePeriodInvalid('A recurring price that is given inline needs the period that it is for.', { pointer: '/period' });
  }
  return { start, end: start };
}

function segmentOf({ segment, change }: QuoteFields, period: Period): Period {
  const [given, pointer] = change
    ? [{ start: instant(change.at), end: period.end }, '/change/at']
    : [segment ? readPeriod(segment, '/segment') : period, '/segment'];
  if (given.start < period.start || given.end > period.end || (change && given.start >= period.end)) {
    throw quotePeriodInvalid(`It does not lie within ${period.start} to ${period.end}.`, { pointer });
  }
  return given;
}

function readPeriod({ start, end }: PeriodFields, pointer: string): Period {
  const period = { start: instant(start), end: instant(end) };
  if (period.start >= period.end) throw quotePeriodInvalid('It ends before it has begun.', { pointer: `${pointer}/end` });
  return period;
}

function readDiscount({ percentOff, amountOff, appliesTo }: QuoteDiscountFields, currency: string, pointer: string): Discount {
  if ((percentOff === undefined) === (amountOff === undefined))
    throw discountInvalid('It is not one of percentOff and amountOff.', { pointer });
  const codes = readCodes(appliesTo, `${pointer}/appliesTo`);
  if (percentOff !== undefined) {
    const percent = decimal(percentOff, `${pointer}/percentOff`);
    if (percent.compare(decimal('100')) > 0) throw discountInvalid(`${percent} % is more than all.`, { pointer: `${pointer}/percentOff` });
    return { percentOff: percent, amountOff: 0n, appliesTo: codes };
  }
  if (amountOff!.currency !== currency) throw currencyMismatch('The discount is in another currency.', { pointer: `${pointer}/amountOff` });
  return { percentOff: null, amountOff: BigInt(amountOff!.amount), appliesTo: codes };
}

function readCodes(given: unknown, pointer: string): string[] | null {
  if (given === undefined) return null;
  if (!Array.isArray(given) || given.some((code) => typeof code !== 'string')) {
    throw discountInvalid('It applies to a list of price codes.', { pointer });
  }
  return given;
}
