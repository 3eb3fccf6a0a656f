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

/** The amount in Stripe's unit. Refuses what has no whole number of it, or is beyond a JSON number. */
export function toStripeAmount(money: Money): number {
  const shift = shiftOf(money.currency);
  const [scaled, rest] =
    shift >= 0 ? [money.amount * 10n ** BigInt(shift), 0n] : [money.amount / 10n ** BigInt(-shift), money.amount % 10n ** BigInt(-shift)];
  const amount = Number(scaled);
  if (rest !== 0n || !Number.isSafeInteger(amount)) {
    throw new GatewayRefused({ code: 'amount_not_chargeable', message: `The gateway cannot charge ${money}.`, hard: true });
  }
  return amount;
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
