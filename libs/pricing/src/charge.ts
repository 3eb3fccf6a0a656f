import type { Currency } from '#kernel/currency.js';
import { type Decimal, decimal } from '#kernel/decimal.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { AgreedPrice, PriceKind } from './price.js';

/** `numerator` of `denominator` days or seconds of the whole period, as decimal strings. */
export interface Proration {
  readonly numerator: string;
  readonly denominator: string;
  readonly unit: 'day' | 'second';
}

/** An amount owed for a price over a period, with everything that a reader needs to redo the sum. */
export interface Charge {
  readonly priceCode: string;
  readonly kind: PriceKind;
  /** A decimal string. */
  readonly quantity: string;
  /** The exact price of one unit in minor units, where the model has one. */
  readonly unitAmount: string | null;
  readonly amount: Money;
  readonly period: Period;
  /** The part of a whole period that is charged, as an exact fraction; null for a whole one. */
  readonly proration: Proration | null;
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
}

/** What a quantity of a price costs for a period or a part of one. Rounded once, here, half-up and away from zero. */
export function chargeFor(
  price: AgreedPrice,
  quantity: Decimal,
  currency: Currency,
  period: Period,
  proration: Proration | null = null,
): Charge {
  const { code: priceCode, kind, taxCode, taxBehavior } = price;
  const shared = { priceCode, kind, taxCode, taxBehavior, period, proration };
  switch (price.model) {
    case 'flat':
      return {
        ...shared,
        quantity: '1',
        unitAmount: price.terms.amount,
        amount: rounded(decimal(price.terms.amount), proration, currency),
      };
    case 'perUnit': {
      const exact = decimal(price.terms.unitAmount).times(quantity);
      return { ...shared, quantity: quantity.toString(), unitAmount: price.terms.unitAmount, amount: rounded(exact, proration, currency) };
    }
    default:
      return price satisfies never;
  }
}

function rounded(exact: Decimal, proration: Proration | null, currency: Currency): Money {
  return Money.of(
    proration ? exact.shareHalfUp(BigInt(proration.numerator), BigInt(proration.denominator)) : exact.roundHalfUp(),
    currency,
  );
}
