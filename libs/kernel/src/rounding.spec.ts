import fc from 'fast-check';
import { divideHalfUp, divideUp, splitByLargestRemainder } from './rounding.js';

const anyWhole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const anyDivisor = anyWhole.filter((n) => n !== 0n);
const anyWeights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 20 });
const size = (n: bigint) => (n < 0n ? -n : n);

describe('Half-up division', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [5n, 3n, 2n],
    [0n, 7n, 0n],
    [1n, 2n, 1n],
    [49n, 100n, 0n],
  ])('%d / %d is %d', (numerator, denominator, quotient) => {
    expect(divideHalfUp(numerator, denominator)).toBe(quotient);
  });

  it('is never more than a half off, and a tie goes away from zero', () => {
    fc.assert(
      fc.property(anyWhole, anyDivisor, (n, d) => {
        const error = divideHalfUp(n, d) * d - n;
        expect(2n * size(error) <= size(d)).toBe(true);
        if (2n * size(error) === size(d)) expect(size(divideHalfUp(n, d) * d) > size(n)).toBe(true);
      }),
    );
  });

  it('by zero is an error', () => {
    expect(() => divideHalfUp(1n, 0n)).toThrow(RangeError);
  });
});

describe('Division up', () => {
  it.each([
    [100n, 100n, 1n],
    [101n, 100n, 2n],
    [0n, 100n, 0n],
    [-101n, 100n, -1n],
    [101n, -100n, -1n],
    [-101n, -100n, 2n],
  ])('%d / %d is %d', (numerator, denominator, quotient) => {
    expect(divideUp(numerator, denominator)).toBe(quotient);
  });

  it('is the smallest whole number that is not less than the ratio', () => {
    fc.assert(
      fc.property(anyWhole, anyDivisor, (n, d) => {
        const excess = (divideUp(n, d) * d - n) * (d < 0n ? -1n : 1n);
        expect(excess >= 0n && excess < size(d)).toBe(true);
      }),
    );
  });
});

describe('A split by largest remainder', () => {
  it('gives what is left over to the largest remainders, ties to the earlier part', () => {
    expect(splitByLargestRemainder(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(splitByLargestRemainder(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(splitByLargestRemainder(-100n, [1n, 1n, 1n])).toEqual([-34n, -33n, -33n]);
    expect(splitByLargestRemainder(2n, [1n, 1n, 1n])).toEqual([1n, 1n, 0n]);
  });

  it('has parts that always sum to the whole, and each is less than one unit off its exact share', () => {
    fc.assert(
      fc.property(anyWhole, anyWeights, (whole, weights) => {
        const parts = splitByLargestRemainder(whole, weights);
        expect(parts.length).toBe(weights.length);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(whole);
        const sum = weights.reduce((a, b) => a + b, 0n);
        if (sum > 0n) weights.forEach((weight, i) => void expect(size(parts[i]! * sum - whole * weight) < sum).toBe(true));
      }),
    );
  });

  it('of a credit mirrors that of the charge', () => {
    fc.assert(
      fc.property(anyWhole, anyWeights, (whole, weights) => {
        expect(splitByLargestRemainder(-whole, weights)).toEqual(splitByLargestRemainder(whole, weights).map((part) => -part));
      }),
    );
  });

  it('gives everything to the first part when all weights are zero', () => {
    expect(splitByLargestRemainder(7n, [0n, 0n])).toEqual([7n, 0n]);
  });

  it('gives nothing to a part without weight, as long as another has some', () => {
    fc.assert(fc.property(anyWhole, anyWeights, (whole, weights) => splitByLargestRemainder(whole, [...weights, 1n, 0n]).at(-1) === 0n));
  });

  it('into no parts, or by a negative weight, is an error', () => {
    expect(() => splitByLargestRemainder(1n, [])).toThrow(RangeError);
    expect(() => splitByLargestRemainder(1n, [2n, -1n])).toThrow(RangeError);
  });
});
