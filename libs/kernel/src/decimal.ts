import { defineRefusal } from './refusal.js';
import { divideHalfUp, divideUp } from './rounding.js';

export const decimalInvalid = defineRefusal({
  code: 'decimal_invalid',
  kind: 'invalid',
  hint: 'Give a decimal as a string, for example "0.25": at most 30 digits, of which at most 12 after the point.',
});

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MOST_DIGITS = 30;
const MOST_FRACTION_DIGITS = 12;

/** Reads a decimal given from outside. Refuses with `decimal_invalid`; the limits are on what is given, not on what is computed. */
export function decimal(text: string, pointer?: string): Decimal {
  if (!isDecimal(text)) throw decimalInvalid(`"${String(text).slice(0, 80)}" is not a decimal that can be used here.`, { pointer });
  return Decimal.fromJSON(text);
}

/** Whether `decimal` reads it. */
export function isDecimal(text: unknown): text is string {
  if (typeof text !== 'string' || !DECIMAL.test(text)) return false;
  const sign = text.startsWith('-') ? 1 : 0;
  const point = text.indexOf('.');
  if (point < 0) return text.length - sign <= MOST_DIGITS;
  return text.length - point - 1 <= MOST_FRACTION_DIGITS && text.length - sign - 1 <= MOST_DIGITS;
}

/**
 * An exact decimal of any precision, `unscaled / 10^scale`: unit prices below the minor unit and fractional quantities.
 * It is always in lowest terms, so equal numbers have equal fields. Nothing rounds but what says so by its name.
 */
export class Decimal {
  static readonly zero = new Decimal(0n, 0);
  static readonly one = new Decimal(1n, 0);

  private constructor(
    readonly unscaled: bigint,
    readonly scale: number,
  ) {}

  static of(unscaled: bigint, scale = 0): Decimal {
    let [value, places] = [unscaled, scale];
    while (places > 0 && value % 10n === 0n) {
      value /= 10n;
      places -= 1;
    }
    return new Decimal(value, places);
  }

  /** Reads what `toString` wrote, at any size: a sum may have more digits than a number that is given from outside. */
  static fromJSON(stored: string): Decimal {
    const [whole, fraction = ''] = stored.split('.');
    const plainest = fraction.endsWith('0') ? fraction.replace(/0+$/, '') : fraction;
    return new Decimal(BigInt(`${whole}${plainest}`), plainest.length);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.of(this.unscaledAt(scale) + other.unscaledAt(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  negated(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  times(other: Decimal): Decimal {
    return Decimal.of(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [a, b] = [this.unscaledAt(scale), other.unscaledAt(scale)];
    return a < b ? -1 : a > b ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.unscaled === other.unscaled && this.scale === other.scale;
  }

  get isZero(): boolean {
    return this.unscaled === 0n;
  }

  get isPositive(): boolean {
    return this.unscaled > 0n;
  }

  get isNegative(): boolean {
    return this.unscaled < 0n;
  }

  /** The nearest whole number, half-up, away from zero: 2.5 becomes 3 and -2.5 becomes -3. */
  roundHalfUp(): bigint {
    return this.shareHalfUp(1n, 1n);
  }

  /** The share `numerator / denominator` of this, rounded once to a whole number, half-up, away from zero. */
  shareHalfUp(numerator: bigint, denominator: bigint): bigint {
    return divideHalfUp(this.unscaled * numerator, 10n ** BigInt(this.scale) * denominator);
  }

  /** The next whole number up: 100.5 becomes 101 and -100.5 becomes -100. */
  roundUp(): bigint {
    return this.timesContainedUp(Decimal.one);
  }

  /** How many of `size` it takes to hold this, a started one counted whole: 100.5 in packages of 100 takes 2. */
  timesContainedUp(size: Decimal): bigint {
    const scale = Math.max(this.scale, size.scale);
    return divideUp(this.unscaledAt(scale), size.unscaledAt(scale));
  }

  /** The form that events and answers carry: a string, since JSON numbers are binary fractions. */
  toJSON(): string {
    return this.toString();
  }

  /** Canonical: no exponent, no needless zeros, no negative zero. `decimal()` reads it back. */
  toString(): string {
    const sign = this.isNegative ? '-' : '';
    const size = (this.isNegative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    return this.scale === 0 ? `${sign}${size}` : `${sign}${size.slice(0, -this.scale)}.${size.slice(-this.scale)}`;
  }

  private unscaledAt(scale: number): bigint {
    return this.unscaled * 10n ** BigInt(scale - this.scale);
  }
}
