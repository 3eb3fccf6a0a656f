import fc from 'fast-check';
import { decimal } from './decimal.js';
import { Rational } from './rational.js';

const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const any = fc
  .tuple(
    whole,
    whole.filter((n) => n !== 0n),
  )
  .map(([n, d]) => Rational.of(n, d));

describe('A fraction', () => {
  it.each([
    [6n, 4n, 3n, 2n],
    [-6n, 4n, -3n, 2n],
    [6n, -4n, -3n, 2n],
    [0n, -7n, 0n, 1n],
  ])('%d / %d is kept as %d / %d', (n, d, numerator, denominator) => {
    expect(Rational.of(n, d)).toMatchObject({ numerator, denominator });
  });

  it('over nothing is an error', () => {
    expect(() => Rational.of(1n, 0n)).toThrow(RangeError);
  });

  it('adds, multiplies and compares exactly', () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const sum = a.plus(b);
        expect(sum.numerator * a.denominator * b.denominator).toBe(
          (a.numerator * b.denominator + b.numerator * a.denominator) * sum.denominator,
        );
        const product = a.times(b);
        expect(product.numerator * a.denominator * b.denominator).toBe(a.numerator * b.numerator * product.denominator);
        expect(a.compare(b)).toBe(-b.compare(a));
        expect(a.compare(a)).toBe(0);
        expect(Math.sign(a.compare(b))).toBe(a.numerator * b.denominator < b.numerator * a.denominator ? -1 : a.compare(b) === 0 ? 0 : 1);
      }),
    );
  });

  it.each([
    ['2.5', 3n],
    ['-2.5', -3n],
    ['2.4999', 2n],
    ['0', 0n],
  ])('%s rounds to %d', (text, rounded) => {
    expect(Rational.from(decimal(text)).roundHalfUp()).toBe(rounded);
  });

  it('shows as a decimal what ends, and the rest to so many places', () => {
    expect(Rational.of(1n, 8n).toDecimal(12).toString()).toBe('0.125');
    expect(Rational.of(2n, 3n).toDecimal(4).toString()).toBe('0.6667');
    expect(Rational.of(-2n, 3n).toDecimal(4).toString()).toBe('-0.6667');
    expect(Rational.from(decimal('12.50')).toDecimal(12).toString()).toBe('12.5');
  });
});
