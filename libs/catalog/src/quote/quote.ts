import type { Currency } from '#kernel/currency.js';
import { Decimal } from '#kernel/decimal.js';
import { currencyMismatch, Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { explanationOf } from '#pricing/explanation.js';
import { partOfPeriod } from '#pricing/part-of-period.js';
import { type AgreedPrice, type Price, priceIn, takesQuantity } from '#pricing/price.js';
import { type Measured, type PricedSum, priceOf, reversalOfAmount } from '#pricing/price-of.js';
import type { Proration } from '#pricing/proration.js';
import { type Discount, discounted } from './discounts.js';
import { quantityNotTaken } from './quote.refusals.js';
import type { QuoteLine } from './quote-line.js';

/** What is to be priced together: a plan, or one price. */
export interface QuotedItem {
  /** The plan's name, which stands for prices that have none. */
  readonly name: string | null;
  readonly prices: readonly Price[];
  readonly quantity: Decimal | null;
  /** What was used, by price code; what is not here was not used. */
  readonly usage: Readonly<Record<string, Measured>>;
  readonly pointer: string;
}

export interface QuoteRequest {
  readonly currency: Currency;
  readonly timeZone: TimeZone;
  readonly period: Period;
  /** The part of the period to price. */
  readonly segment: Period;
  readonly proration: 'day' | 'second' | 'none';
  readonly items: readonly QuotedItem[];
  /** What takes the place of the items for the segment, when these were billed for the whole period. */
  readonly replacement: readonly QuotedItem[] | null;
  readonly discounts: readonly Discount[];
}

export interface Quote {
  readonly lines: readonly QuoteLine[];
  readonly subtotal: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly taxes: readonly never[];
  readonly total: Money;
}

/** Places that an exact amount is shown with where its division does not end. */
const MOST_PLACES = 12;

/** Prices with the code that bills, and decides nothing: what would be charged, line by line. */
export function quote(request: QuoteRequest): Quote {
  const { currency } = request;
  const charged = request.replacement
    ? changeLines(request, request.replacement)
    : request.items.flatMap((item) => itemLines(request, item));
  const lines = discounted(charged, request.discounts, currency);
  const subtotal = Money.sum(
    lines.map(({ amount }) => amount),
    currency,
  );
  const discount = Money.sum(
    lines.flatMap(({ discounts }) => discounts.map(({ amount }) => amount)),
    currency,
  );
  return { lines, subtotal, discount, tax: Money.zero(currency), taxes: [], total: subtotal.minus(discount) };
}

/** What a change credits of the period that was billed, and what it charges for the rest of it. Usage and one-time prices stay out. */
function changeLines(request: QuoteRequest, replacement: readonly QuotedItem[]): QuoteLine[] {
  if (request.proration === 'none') return [];
  return [
    ...request.items.flatMap((item) => advancePrices(request, item).map((price) => reversalLine(request, item, price))),
    ...replacement.flatMap((item) => advancePrices(request, item).map((price) => priceLine(request, item, price))),
  ];
}

function advancePrices(request: QuoteRequest, item: QuotedItem): AgreedPrice[] {
  return agreedPrices(request, item).filter(({ kind, billing }) => kind === 'recurring' && billing === 'advance');
}

function itemLines(request: QuoteRequest, item: QuotedItem): QuoteLine[] {
  return agreedPrices(request, item).map((price) => priceLine(request, item, price));
}

function agreedPrices({ currency }: QuoteRequest, { prices, quantity, pointer }: QuotedItem): AgreedPrice[] {
  if (quantity && !prices.some(takesQuantity)) {
    throw quantityNotTaken('None of these prices takes a quantity.', { pointer: `${pointer}/quantity` });
  }
  return prices.map((price) => {
    const agreed = priceIn(price, currency);
    if (!agreed) throw currencyMismatch(`The price ${price.code} has no amount in ${currency}.`, { pointer });
    return agreed;
  });
}

function priceLine(request: QuoteRequest, item: QuotedItem, price: AgreedPrice): QuoteLine {
  const part = price.kind === 'oneTime' ? null : partOf(request);
  const measured = measuredBy(item, price);
  const proration = price.kind === 'usage' ? null : part;
  return lineOf(request, item, price, measured, priceOf(price, measured, part), proration, false);
}

/** The part of what the whole period was billed with, rounded as it was then. */
function reversalLine(request: QuoteRequest, item: QuotedItem, price: AgreedPrice): QuoteLine {
  const measured = measuredBy(item, price);
  const part = partOf(request);
  const billed = priceOf(price, measured, null).exact.roundHalfUp();
  return lineOf(request, item, price, measured, reversalOfAmount(billed, part), part, true);
}

function partOf({ segment, period, proration, timeZone }: QuoteRequest): Proration | null {
  return proration === 'none' ? null : partOfPeriod(segment, period, proration, timeZone);
}

function measuredBy({ quantity, usage }: QuotedItem, price: AgreedPrice): Measured {
  if (price.kind === 'usage') return usage[price.code] ?? { quantity: Decimal.zero, events: [] };
  return { quantity: takesQuantity(price) ? (quantity ?? Decimal.one) : Decimal.one };
}

function lineOf(
  { currency, segment: period }: QuoteRequest,
  { name }: QuotedItem,
  price: AgreedPrice,
  { quantity }: Measured,
  sum: PricedSum,
  proration: Proration | null,
  reversal: boolean,
): QuoteLine {
  return {
    priceCode: price.code,
    description: price.name ?? name ?? price.code,
    quantity: quantity.toString(),
    unitAmount: reversal ? null : sum.unitAmount,
    amount: Money.of(sum.exact.roundHalfUp(), currency),
    exactAmount: sum.exact.toDecimal(MOST_PLACES).toString(),
    ...{ period, proration, reversal },
    discounts: [],
    taxes: [],
    explanation: { steps: explanationOf(sum, currency) },
  };
}
