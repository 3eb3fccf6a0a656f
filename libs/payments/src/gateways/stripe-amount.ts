import { type Currency, currency, minorDigits } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';
import { GatewayRefused } from './payment-gateway.js';

/**
 * Where Stripe counts in another unit than ISO 4217's minor one: two decimals for the krona and the shilling that have
 * none, none for the ariary. Source: docs.stripe.com/currencies, "Special cases" and "Zero-decimal currencies".
 */
const stripeDigits = new Map<Currency, number>([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);

/** The smallest amounts that are charged, in Stripe's unit. Source: docs.stripe.com/currencies#minimum-and-maximum-charge-amounts. */
const smallest: { readonly [Code in Currency]?: number } = {
  ...{ USD: 50, AED: 200, AUD: 50, BRL: 50, CAD: 50, CHF: 50, CZK: 1500, DKK: 250, EUR: 50, GBP: 30, HKD: 400, HUF: 17_500 },
  ...{ INR: 50, JPY: 50, MXN: 1000, MYR: 200, NOK: 300, NZD: 50, PLN: 200, RON: 200, SEK: 300, SGD: 50, THB: 1000 },
};

/** Eight digits; twelve of the rupiah, in which eight are some sixty dollars. Same source. */
const largestOf = (code: Currency): number => (code === 'IDR' ? 999_999_999_999 : 99_999_999);

/**
 * The amount in Stripe's unit. Refuses what Stripe would: what has no whole number of it, a last digit other than 0 where a
 * currency has three decimals ("Three-decimal currencies", same source), less or more than is charged at once.
 */
export function toStripeAmount(money: Money): number {
  const shift = shiftOf(money.currency);
  const [scaled, rest] =
    shift >= 0 ? [money.amount * 10n ** BigInt(shift), 0n] : [money.amount / 10n ** BigInt(-shift), money.amount % 10n ** BigInt(-shift)];
  const coarsest = minorDigits(money.currency) === 3 ? 10n : 1n;
  if (rest !== 0n || scaled % coarsest !== 0n) throw refused('amount_not_chargeable', `The gateway cannot charge ${money} exactly.`);
  if (scaled < BigInt(smallest[money.currency] ?? 1))
    throw refused('amount_too_small', `The gateway does not charge as little as ${money}.`);
  if (scaled > BigInt(largestOf(money.currency))) throw refused('amount_too_large', `The gateway does not charge as much as ${money}.`);
  return Number(scaled);
}

function refused(code: string, message: string): GatewayRefused {
  return new GatewayRefused({ code, message, hard: true });
}

export function fromStripeAmount(amount: number, code: string): Money {
  const known = currency(code.toUpperCase());
  const shift = shiftOf(known);
  // A part of a minor unit cannot have been asked for by us: rounding it away would hide that.
  const divisor = 10n ** BigInt(Math.max(shift, 0));
  if (BigInt(amount) % divisor !== 0n) throw new RangeError(`Stripe reports ${amount} ${code}, which is no whole number of minor units.`);
  return Money.of(shift >= 0 ? BigInt(amount) / divisor : BigInt(amount) * 10n ** BigInt(-shift), known);
}

/** By how many digits Stripe's unit is smaller than the minor unit. */
function shiftOf(code: Currency): number {
  return (stripeDigits.get(code) ?? minorDigits(code)) - minorDigits(code);
}
