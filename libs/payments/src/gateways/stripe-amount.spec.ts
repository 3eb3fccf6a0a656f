import { currencies, minorDigits } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';
import { GatewayRefused } from './payment-gateway.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

describe('amounts as Stripe counts them', () => {
  it.each([
    [Money.of(1250n, 'USD'), 1250],
    [Money.of(1250n, 'JPY'), 1250],
    [Money.of(50n, 'USD'), 50],
    [Money.of(99_999_999n, 'USD'), 99_999_999],
    [Money.of(999_999_999_999n, 'IDR'), 999_999_999_999],
    [Money.of(1250n, 'KWD'), 1250],
    [Money.of(5n, 'ISK'), 500],
    [Money.of(5n, 'UGX'), 500],
    [Money.of(500n, 'MGA'), 5],
  ])('%s is %d', (money, amount) => {
    expect(toStripeAmount(money)).toBe(amount);
    expect(fromStripeAmount(amount, money.currency.toLowerCase())).toEqual(money);
  });

  it('reads every currency back as it was written', () => {
    for (const currency of currencies) {
      const money = Money.of(123_400n, currency);
      expect(fromStripeAmount(toStripeAmount(money), currency.toLowerCase())).toEqual(money);
    }
  });

  // As docs.stripe.com/currencies lists them, and not as this adapter computes: "Zero-decimal currencies", "Special cases",
  // "Three-decimal currencies". Of the forint and the Taiwan dollar only payouts have no decimals, and we make none.
  const noDecimals = ['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'];
  const threeDecimals = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];
  // Funds and thousandths that Stripe has no account of: sent in ISO's unit, and refused by Stripe itself.
  const unknownToStripe = ['CLF', 'IQD', 'LYD', 'UYI', 'UYW'];

  it.each(currencies.filter((code) => !unknownToStripe.includes(code)))('asks for 1,000 %s in the unit that Stripe lists', (code) => {
    const decimals = noDecimals.includes(code) ? 0 : threeDecimals.includes(code) ? 3 : 2;
    const money = Money.of(1000n * 10n ** BigInt(minorDigits(code)), code);
    expect(toStripeAmount(money)).toBe(1000 * 10 ** decimals);
    expect(fromStripeAmount(1000 * 10 ** decimals, code.toLowerCase())).toEqual(money);
  });

  // The table "Minimum and maximum charge amounts" of the same page, in major units. The lev, which is in it, is no money any more.
  it.each([
    ...([
      ['USD', '0.50'],
      ['AED', '2.00'],
      ['AUD', '0.50'],
      ['BRL', '0.50'],
      ['CAD', '0.50'],
      ['CHF', '0.50'],
      ['CZK', '15.00'],
    ] as const),
    ...([
      ['DKK', '2.50'],
      ['EUR', '0.50'],
      ['GBP', '0.30'],
      ['HKD', '4.00'],
      ['HUF', '175.00'],
      ['INR', '0.50'],
      ['JPY', '50'],
    ] as const),
    ...([
      ['MXN', '10.00'],
      ['MYR', '2.00'],
      ['NOK', '3.00'],
      ['NZD', '0.50'],
      ['PLN', '2.00'],
      ['RON', '2.00'],
      ['SEK', '3.00'],
    ] as const),
    ...([
      ['SGD', '0.50'],
      ['THB', '10.00'],
    ] as const),
  ])('charges no less than the least of %s, %s', (code, least) => {
    const amount = BigInt(least.replace('.', ''));
    expect(toStripeAmount(Money.of(amount, code))).toBe(Number(amount));
    expect(() => toStripeAmount(Money.of(amount - 1n, code))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'amount_too_small' }) }),
    );
  });

  it.each([
    ['a last digit in three decimals', Money.of(18_605n, 'KWD'), 'amount_not_chargeable'],
    ...(['BHD', 'JOD', 'OMR', 'TND'] as const).map(
      (code) => ['a last digit in three decimals', Money.of(10_001n, code), 'amount_not_chargeable'] as const,
    ),
    ['too little', Money.of(49n, 'USD'), 'amount_too_small'],
    ['nothing', Money.of(0n, 'KWD'), 'amount_too_small'],
    ['less than nothing', Money.of(-10n, 'KWD'), 'amount_too_small'],
    ['too much', Money.of(100_000_000n, 'USD'), 'amount_too_large'],
    ['too much of a currency that Stripe counts finer', Money.of(1_000_000n, 'ISK'), 'amount_too_large'],
  ] as const)('refuses %s: %s', (_, money, code) => {
    expect(() => toStripeAmount(money)).toThrow(expect.objectContaining({ failure: expect.objectContaining({ code, hard: true }) }));
  });

  it('refuses what Stripe cannot charge exactly, instead of rounding it', () => {
    expect(() => toStripeAmount(Money.of(550n, 'MGA'))).toThrow(GatewayRefused);
    expect(() => toStripeAmount(Money.of(2n ** 53n, 'USD'))).toThrow(GatewayRefused);
    expect(() => fromStripeAmount(550, 'isk')).toThrow(RangeError);
  });
});
