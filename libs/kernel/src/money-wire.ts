import { type Currency, currency } from './currency.js';
import { Money } from './money.js';
import { defineRefusal } from './refusal.js';

export const amountInvalid = defineRefusal({
  code: 'amount_invalid',
  kind: 'invalid',
  hint: 'Amounts are whole numbers of the minor unit (1250 is 12.50 USD), at most 9007199254740991 either way.',
});

/** Money as a request carries it: the amount is a JSON number in minor units, never beyond 2^53 - 1. */
export interface WireMoney {
  readonly amount: number;
  readonly currency: string;
}

/** Reads money from a request. Refuses with `amount_invalid` or `currency_unknown`; the pointer is that of the money object. */
export function moneyFromWire(wire: WireMoney, pointer = ''): Money {
  return Money.of(amountFromWire(wire.amount, `${pointer}/amount`), currency(wire.currency, `${pointer}/currency`));
}

/**
 * Writes money into an answer. What comes in as a number goes out as one; a sum of ours that no JSON number keeps exactly is
 * written as text, digit by digit.
 */
export function moneyToWire(money: Money): { amount: number | string; currency: Currency } {
  const number = Number(money.amount);
  return { amount: Number.isSafeInteger(number) ? number : money.amount.toString(), currency: money.currency };
}

/** Reads a bare amount in minor units, where the currency is known from elsewhere. */
export function amountFromWire(amount: number, pointer?: string): bigint {
  // A larger number may already have been rounded when its JSON was parsed.
  if (!Number.isSafeInteger(amount))
    throw amountInvalid(`${String(amount).slice(0, 80)} is not a whole number that can be kept exactly.`, { pointer });
  return BigInt(amount);
}
