import fc from 'fast-check';
import { currencies, minorDigits } from './currency.js';
import { Money } from './money.js';
import { formatMoney, locale } from './money-format.js';

const NO_BREAK = '\u00a0';

describe('Money on paper', () => {
  it.each([
    [125000n, 'EUR', 'de-DE', `1.250,00${NO_BREAK}€`],
    [125000n, 'EUR', 'en-US', '€1,250.00'],
    [1250n, 'JPY', 'en-US', '¥1,250'],
    [1250n, 'JPY', 'ja-JP', '￥1,250'],
    [1250n, 'KWD', 'en-US', `KWD${NO_BREAK}1.250`],
    [-5n, 'USD', 'en-US', '-$0.05'],
    [0n, 'GBP', 'en-GB', '£0.00'],
    [12345678n, 'INR', 'en-IN', '₹1,23,456.78'],
    [125050n, 'HUF', 'hu-HU', `1250,50${NO_BREAK}Ft`],
  ] as const)('of %d in %s reads as in %s: %s', (amount, currency, tag, text) => {
    expect(formatMoney(Money.of(amount, currency), tag)).toBe(text);
  });

  it('keeps every digit of amounts beyond 2^53', () => {
    expect(formatMoney(Money.of(1234567890123456789012345n, 'USD'), 'en-US')).toBe('$12,345,678,901,234,567,890,123.45');
  });

  it('keeps every digit of any amount in every currency', () => {
    const anyAmount = fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n });
    fc.assert(
      fc.property(anyAmount, fc.constantFrom(...currencies), (amount, currency) => {
        const text = formatMoney(Money.of(amount, currency), 'en-US');
        const number = text.match(/\d[\d.,]*/)![0];
        expect(number.replaceAll(',', '')).toBe(Money.of(amount < 0n ? -amount : amount, currency).decimal());
        expect(text.includes('-')).toBe(amount < 0n);
        expect(number.includes('.')).toBe(minorDigits(currency) > 0);
      }),
    );
  });
});

describe('A locale', () => {
  it('is read in any letter case', () => {
    expect(locale('DE-de')).toBe('de-DE');
  });

  it.each(['', 'german', 'de_DE', 'xx-XX', 'en-US-', '1'])('is refused when given as "%s"', (given) => {
    const unknown = expect.objectContaining({ code: 'locale_unknown', pointer: '/locale' });
    expect(() => locale(given, '/locale')).toThrow(unknown);
    expect(() => formatMoney(Money.of(1n, 'USD'), given)).toThrow(expect.objectContaining({ code: 'locale_unknown' }));
  });
});
