import type { Currency } from '#kernel/currency.js';
import { type Decimal, decimal } from '#kernel/decimal.js';
import type { ChargeId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { FeeCounts } from './models/fee-counts.js';
import type { AgreedPrice, PriceKind } from './price.js';
import { priceOf, reversalOfAmount } from './price-of.js';
import type { Proration } from './proration.js';
import type { LimitStep, Step } from './step.js';

export type { Proration } from './proration.js';

/** Whom a charge belongs to: a subscription and the version of the plan that it has agreed to. */
export interface ChargeOwner {
  readonly subscriptionId: SubscriptionId;
  readonly plan: { readonly id: PlanId; readonly version: number; readonly name: string };
}

/** An amount owed for a price over a period, with everything that a reader needs to redo the sum. Below zero only as a reversal. */
export interface Charge {
  readonly id: ChargeId;
  /** Null for what belongs to no subscription, like a one-off. */
  readonly subscriptionId: SubscriptionId | null;
  readonly plan: ChargeOwner['plan'] | null;
  /** The price, which is also the subscription's item; null where no price is behind it. */
  readonly priceCode: string | null;
  /** In words a customer knows. */
  readonly name: string;
  readonly kind: PriceKind;
  /** A decimal string; of usage, what was counted, even below zero. */
  readonly quantity: string;
  /** Of a percentage of events: how many cost what, from which the amount follows. */
  readonly feeCounts?: FeeCounts;
  /** The exact price of one unit in minor units, where the amount is that of each unit and nothing else: no free units, no limit. */
  readonly unitAmount: string | null;
  readonly amount: Money;
  /** In minor units before it was rounded, as a decimal string; to twelve places where a division does not end. */
  readonly exactAmount: string;
  readonly period: Period;
  /** The part of a whole period that is charged, as an exact fraction; null for a whole one. Of usage, only where a limit is charged. */
  readonly proration: Proration | null;
  readonly taxCode: string | null;
  readonly taxBehavior: 'exclusive' | 'inclusive';
  /** The charge that this one takes back, wholly or in part. */
  readonly reverses: ChargeId | null;
}

const MOST_PLACES = 12;

/** What is charged, and for which time. */
export interface Chargeable {
  readonly id: ChargeId;
  readonly owner: ChargeOwner;
  readonly currency: Currency;
  /** Not below zero, unless a meter has counted it: what takes back is a reversal. */
  readonly quantity: Decimal;
  /** Of a percentage, and required there. */
  readonly feeCounts?: FeeCounts;
  readonly period: Period;
  readonly proration: Proration | null;
}

/** What a quantity of a price costs for a period or a part of one. Rounded once, here, half-up and away from zero. */
export function chargeFor(price: AgreedPrice, { id, owner, currency, quantity, feeCounts, period, proration }: Chargeable): Charge {
  const isUsage = price.kind === 'usage';
  if (quantity.isNegative && !isUsage)
    throw new RangeError(`A charge is for zero or more, not for ${quantity}: what takes back is a reversal.`);
  if (price.model === 'percentage' && !feeCounts)
    throw new RangeError(`The fee of ${price.code} is of each event: what they come to together does not tell it.`);
  const { exact, unitAmount, steps } = priceOf(price, { quantity, feeCounts }, proration);
  const limit = steps.find(isLimit);
  return {
    id,
    subscriptionId: owner.subscriptionId,
    plan: owner.plan,
    priceCode: price.code,
    name: price.name ?? owner.plan.name,
    kind: price.kind,
    quantity: price.model === 'flat' ? '1' : quantity.toString(),
    ...(feeCounts && { feeCounts }),
    // A reader who multiplies must come to the amount.
    unitAmount: steps.some(isMoreThanUnits) ? null : unitAmount,
    amount: Money.of(exact.roundHalfUp(), currency),
    exactAmount: exact.toDecimal(MOST_PLACES).toString(),
    period,
    proration: isUsage ? (limit?.part ?? null) : proration,
    taxCode: price.taxCode,
    taxBehavior: price.taxBehavior,
    reverses: null,
  };
}

const isLimit = (step: Step): step is LimitStep => step.rule === 'periodMinimum' || step.rule === 'periodMaximum';

function isMoreThanUnits(step: Step): boolean {
  return isLimit(step) || step.rule === 'freeUnits' || step.rule === 'belowZero';
}

/** Takes back a part of what was really billed, whatever the price is today: `part` of the charge's own amount, rounded once. */
export function reversalOf(charge: Charge, { id, period, part }: { id: ChargeId; period: Period; part: Proration | null }): Charge {
  if (charge.reverses) throw new RangeError(`The charge ${charge.id} is a reversal itself.`);
  const { exact } = reversalOfAmount(charge.amount.amount, part);
  return {
    ...charge,
    id,
    period,
    proration: part,
    amount: Money.of(exact.roundHalfUp(), charge.amount.currency),
    exactAmount: exact.toDecimal(MOST_PLACES).toString(),
    reverses: charge.id,
  };
}

/** What a person writes on an invoice: so many units at a price, for no subscription and no time. */
export function oneOffCharge(given: {
  readonly id: ChargeId;
  readonly name: string;
  readonly quantity: string;
  readonly unitAmount: string;
  readonly taxCode: string | null;
  readonly currency: Currency;
  readonly at: Instant;
}): Charge {
  const { id, name, quantity, unitAmount, taxCode, currency, at } = given;
  const exact = decimal(unitAmount).times(decimal(quantity));
  if (exact.isNegative) throw new RangeError(`A charge is for zero or more, not for ${exact}: what takes back is a reversal.`);
  return {
    ...{ id, subscriptionId: null, plan: null, priceCode: null, name, kind: 'oneTime', quantity, unitAmount },
    ...{ amount: Money.of(exact.roundHalfUp(), currency), exactAmount: exact.toString(), period: { start: at, end: at } },
    ...{ proration: null, taxCode, taxBehavior: 'exclusive', reverses: null },
  };
}
