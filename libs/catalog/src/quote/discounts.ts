import type { Currency } from '#kernel/currency.js';
import type { Decimal } from '#kernel/decimal.js';
import { Money } from '#kernel/money.js';
import type { QuoteLine } from './quote-line.js';

/** Off the lines of some prices, or of all; never off a reversal, which gives back what was charged. */
export interface Discount {
  /** Of what is left, or else a fixed amount in minor units. */
  readonly percentOff: Decimal | null;
  readonly amountOff: bigint;
  readonly appliesTo: readonly string[] | null;
}

/** Each discount is of what the ones before it have left, and is split over its lines by largest remainder. */
export function discounted(lines: readonly QuoteLine[], discounts: readonly Discount[], currency: Currency): QuoteLine[] {
  return discounts.reduce<QuoteLine[]>((sofar, discount) => withDiscount(sofar, discount, currency), [...lines]);
}

function withDiscount(lines: readonly QuoteLine[], { percentOff, amountOff, appliesTo }: Discount, currency: Currency): QuoteLine[] {
  const left = lines.map((line) => (applies(line, appliesTo) ? leftOf(line) : 0n));
  const base = left.reduce((sum, each) => sum + each, 0n);
  const wanted = percentOff ? percentOff.shareHalfUp(base, 100n) : amountOff;
  const parts = Money.of(wanted < base ? wanted : base, currency).split(left);
  return lines.map((line, index) => (left[index]! > 0n ? { ...line, discounts: [...line.discounts, { amount: parts[index]! }] } : line));
}

function applies({ reversal, priceCode }: QuoteLine, appliesTo: readonly string[] | null): boolean {
  return !reversal && (appliesTo === null || appliesTo.includes(priceCode));
}

function leftOf({ amount, discounts }: QuoteLine): bigint {
  return discounts.reduce((rest, discount) => rest - discount.amount.amount, amount.amount);
}
