import { currencies } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';
import { GatewayRefused } from './payment-gateway.js';
import { fromStripeAmount, toStripeAmount } from './stripe-amount.js';

describe('amounts as Stripe counts them', () => {
  it.each([
    [Money.of(1250n, 'USD'), 1250],
    [Money.of(1250n, 'JPY'), 1250],
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

  it('refuses what Stripe cannot charge exactly, instead of rounding it', () => {
    expect(() => toStripeAmount(Money.of(550n, 'MGA'))).toThrow(GatewayRefused);
    expect(() => toStripeAmount(Money.of(2n ** 53n, 'USD'))).toThrow(GatewayRefused);
    expect(() => fromStripeAmount(550, 'isk')).toThrow(RangeError);
  });
});
