import type { Currency } from '#kernel/currency.js';
import type { Decimal } from '#kernel/decimal.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { AgreedPrice, PriceKind } from './price.js';
import { priceOf } from './price-of.js';
import type { Proration } from './proration.js';

export type { Proration } from './proration.js';

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
  const { exact, unitAmount } = priceOf(price, { quantity }, proration);
  const amount = Money.of(exact.roundHalfUp(), currency);
  return {
    ...{ priceCode, kind, taxCode, taxBehavior, period, proration, unitAmount, amount },
    quantity: price.model === 'flat' ? '1' : quantity.toString(),
  };
}
