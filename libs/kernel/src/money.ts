import type { Currency } from './currency.js';
import { minorDigits } from './currency.js';
import { defineRefusal } from './refusal.js';
import { divideHalfUp, splitByLargestRemainder } from './rounding.js';

export const currencyMismatch = defineRefusal({
  code: 'currency_mismatch',
  kind: 'invalid',
  hint: 'Amounts of different currencies never mix: use the currency of the account.',
});

/** An exact amount: a whole number of the currency's minor unit (ISO 4217), together with its currency. */
export class Money {
  private constructor(
    readonly amount: bigint,
    readonly currency: Currency,
  ) {}

  static of(amount: bigint, currency: Currency): Money {
    return new Money(amount, currency);
  }

  /** Reads what `toJSON` wrote. */
  static fromJSON(stored: { readonly amount: string; readonly currency: Currency }): Money {
    return new Money(BigInt(stored.amount), stored.currency);
  }

  static zero(currency: Currency): Money {
    return new Money(0n, currency);
  }

  static sum(parts: readonly Money[], currency: Currency): Money {
    return parts.reduce((total, part) => total.plus(part), Money.zero(currency));
  }

  plus(other: Money): Money {
    return new Money(this.amount + this.same(other).amount, this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.amount - this.same(other).amount, this.currency);
  }

  negated(): Money {
    return new Money(-this.amount, this.currency);
  }

  times(factor: bigint): Money {
    return new Money(this.amount * factor, this.currency);
  }

  /** The share `numerator / denominator` of this amount, rounded half-up, away from zero. */
  share(numerator: bigint, denominator: bigint): Money {
    return new Money(divideHalfUp(this.amount * numerator, denominator), this.currency);
  }

  /** Parts in proportion to the weights that sum to this amount (largest remainder). */
  split(weights: readonly bigint[]): Money[] {
    return splitByLargestRemainder(this.amount, weights).map((part) => new Money(part, this.currency));
  }

  compare(other: Money): number {
    this.same(other);
    return this.amount < other.amount ? -1 : this.amount > other.amount ? 1 : 0;
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.amount === other.amount;
  }

  get isZero(): boolean {
    return this.amount === 0n;
  }

  get isPositive(): boolean {
    return this.amount > 0n;
  }

  get isNegative(): boolean {
    return this.amount < 0n;
  }

  /** The form that events are stored in: the amount is a string, since JSON numbers end at 2^53. */
  toJSON(): { amount: string; currency: Currency } {
    return { amount: this.amount.toString(), currency: this.currency };
  }

  toString(): string {
    return `${this.decimal()} ${this.currency}`;
  }

  /** The amount in major units, exactly: `-0.05`, `1250` (JPY), `1.250` (KWD). */
  decimal(): string {
    const digits = minorDigits(this.currency);
    const size = (this.amount < 0n ? -this.amount : this.amount).toString().padStart(digits + 1, '0');
    const sign = this.amount < 0n ? '-' : '';
    return digits === 0 ? `${sign}${size}` : `${sign}${size.slice(0, -digits)}.${size.slice(-digits)}`;
  }

  private same(other: Money): Money {
    if (other.currency !== this.currency) throw currencyMismatch(`${this.currency} and ${other.currency} do not mix.`);
    return other;
  }
}
