import { currencies } from '#kernel/currency.js';
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
