import fc from 'fast-check';
import { Decimal, decimal } from './decimal.js';

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), fc.integer({ min: 0, max: 12 }))
  .map(([unscaled, scale]) => Decimal.of(unscaled, scale));

/** Both numbers as whole numbers of 10^-24: enough places for any sum or product of two that were given. */
const at24 = (d: Decimal) => d.unscaled * 10n ** BigInt(24 - d.scale);

describe('A decimal', () => {
  it.each([
    ['0.25', 25n, 2, '0.25'],
    ['0.250', 25n, 2, '0.25'],
    ['-0.05', -5n, 2, '-0.05'],
    ['100', 100n, 0, '100'],
    ['100.0', 100n, 0, '100'],
    ['-0', 0n, 0, '0'],
    ['-0.000', 0n, 0, '0'],
    ['0.000000000001', 1n, 12, '0.000000000001'],
    ['123456789012345678.123456789012', 123456789012345678123456789012n, 12, '123456789012345678.123456789012'],
  ])('given as "%s" is %d / 10^%d', (text, unscaled, scale, canonical) => {
    expect(decimal(text)).toMatchObject({ unscaled, scale });
    expect(JSON.stringify(decimal(text))).toBe(JSON.stringify(canonical));
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '.5',
    '5.',
    '1,5',
    '1e3',
    '+1',
    '--1',
    '007',
    '0x10',
    'NaN',
    'Infinity',
    '١',
    '1\n',
    '0.0000000000001',
    '1234567890123456789012345678901',
    '1234567890123456789.123456789012',
  ])('is refused when given as "%s"', (given) => {
    expect(() => decimal(given, '/unitPrice')).toThrow(expect.objectContaining({ code: 'decimal_invalid', pointer: '/unitPrice' }));
  });

  it('is read back from its text unchanged, and equal numbers have equal text', () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 0, max: 5 }), (d, zeros) => {
        expect(decimal(d.toString())).toEqual(d);
        expect(Decimal.of(d.unscaled * 10n ** BigInt(zeros), d.scale + zeros).toString()).toBe(d.toString());
      }),
    );
  });

  it('is read back at any size, however many digits a computation gave it', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        const product = a.times(b).times(b);
        expect(Decimal.fromJSON(product.toString())).toEqual(product);
      }),
    );
    expect(Decimal.fromJSON('-0.05')).toEqual(Decimal.of(-5n, 2));
  });

  it('adds, subtracts, multiplies and compares exactly', () => {
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        expect(at24(a.plus(b))).toBe(at24(a) + at24(b));
        expect(at24(a.minus(b))).toBe(at24(a) - at24(b));
        expect(at24(a.times(b)) * 10n ** 24n).toBe(at24(a) * at24(b));
        expect(a.compare(b)).toBe(at24(a) < at24(b) ? -1 : at24(a) > at24(b) ? 1 : 0);
        expect(a.equals(b)).toBe(at24(a) === at24(b));
      }),
    );
  });

  it('knows that 0.1 and 0.2 make 0.3', () => {
    expect(decimal('0.1').plus(decimal('0.2')).equals(decimal('0.3'))).toBe(true);
  });

  it.each([
    ['2.5', 3n],
    ['-2.5', -3n],
    ['2.499999999999', 2n],
    ['-2.499999999999', -2n],
    ['0.5', 1n],
    ['0', 0n],
    ['7', 7n],
  ])('of %s rounds half-up to %d', (text, rounded) => {
    expect(decimal(text).roundHalfUp()).toBe(rounded);
  });

  it('takes an exact share and rounds once', () => {
    // A quarter of a cent each for 1,001 calls, for 17 of 30 days: 141.808…; rounding before the proration would give 142.2.
    expect(decimal('0.25').times(decimal('1001')).shareHalfUp(17n, 30n)).toBe(142n);
    expect(decimal('0.4').shareHalfUp(5n, 4n)).toBe(1n);
    expect(decimal('0.4').negated().shareHalfUp(5n, 4n)).toBe(-1n);
  });

  it.each([
    ['100', '100', 1n],
    ['100.5', '100', 2n],
    ['0', '100', 0n],
    ['0.000000000001', '100', 1n],
    ['1', '0.3', 4n],
  ])('of %s takes, in packages of %s, %d of them', (quantity, size, packages) => {
    expect(decimal(quantity).timesContainedUp(decimal(size))).toBe(packages);
  });

  it('rounds up to the next whole number', () => {
    expect(decimal('100.5').roundUp()).toBe(101n);
    expect(decimal('-100.5').roundUp()).toBe(-100n);
  });

  it.each([
    ['0', true, false, false],
    ['0.1', false, true, false],
    ['-0.1', false, false, true],
  ])('of %s says whether it is zero, positive or negative', (text, isZero, isPositive, isNegative) => {
    expect(decimal(text)).toMatchObject({ isZero, isPositive, isNegative });
  });
});
