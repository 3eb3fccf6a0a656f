import { Decimal } from './decimal.js';
import { divideHalfUp } from './rounding.js';

/** An exact fraction of whole numbers, in lowest terms with a denominator above zero: where a decimal would not end. */
export class Rational {
  private constructor(
    readonly numerator: bigint,
    readonly denominator: bigint,
  ) {}

  static of(numerator: bigint, denominator = 1n): Rational {
    if (denominator === 0n) throw new RangeError('Division by zero.');
    const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
    return new Rational(numerator / divisor, denominator / divisor);
  }

  static from({ unscaled, scale }: Decimal): Rational {
    return scale === 0 ? new Rational(unscaled, 1n) : Rational.of(unscaled, 10n ** BigInt(scale));
  }

  plus(other: Rational): Rational {
    return Rational.of(this.numerator * other.denominator + other.numerator * this.denominator, this.denominator * other.denominator);
  }

  times(other: Rational): Rational {
    return Rational.of(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  compare(other: Rational): number {
    const [a, b] = [this.numerator * other.denominator, other.numerator * this.denominator];
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** The nearest whole number, half-up, away from zero. */
  roundHalfUp(): bigint {
    return divideHalfUp(this.numerator, this.denominator);
  }

  /** As a decimal of at most so many places: exact where it ends within them, otherwise rounded half-up. */
  toDecimal(places: number): Decimal {
    return Decimal.of(divideHalfUp(this.numerator * 10n ** BigInt(places), this.denominator), places);
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
