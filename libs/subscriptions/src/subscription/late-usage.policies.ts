import { derivedId } from '#kernel/ids.js';
import type { Bill } from '#pricing/bill.js';
import { type Charge, reversalOf } from '#pricing/charge.js';
import { meterKey } from '#pricing/meter.js';
import { type SettledUsage, UsageSettled } from './subscription.events.js';
import { chargesForUsage, isUnused, type KnownUsage, usedOf } from './subscription.policies.js';
import type { Agreement, UnsettledPeriod } from './subscription.state.js';

/** What the usage of a period comes to once nothing more can come. */
export function usageSettles(agreement: Agreement, over: UnsettledPeriod, usage: KnownUsage): UsageSettled {
  const { subscriptionId, accountId } = agreement;
  const { number, period, part, terms } = over;
  const cause = `late-usage/${number}`;
  const charges = chargesForUsage({ ...agreement, terms }, cause, period, part, usage);
  const used = terms.prices.map(({ code, meter }, index): SettledUsage => {
    const quantity = String(usedOf(terms.prices[index]!, period, usage));
    return { priceCode: code, meter: meterKey(meter!), quantity, amount: charges[index]!.amount };
  });
  return new UsageSettled({ subscriptionId, accountId, number, period, used, bill: lateBill(over, cause, charges) });
}

/** A price as it was billed, where it was, and as it comes to all told. */
interface Repriced {
  readonly billed: Charge | undefined;
  readonly anew: Charge;
}

/**
 * What was billed is taken back whole and billed anew, so that the remainder of a tier, a package or a limit follows by itself.
 * A price is left alone where nothing of it has changed, and there is no bill where no amount has.
 */
function lateBill({ charges: known, billedBy }: UnsettledPeriod, cause: string, charges: readonly Charge[]): Bill | null {
  const prices = charges.map((anew): Repriced => ({ anew, billed: known.find(({ priceCode }) => priceCode === anew.priceCode) }));
  if (prices.every(isSameAmount)) return null;
  const changed = prices.filter((price) => !isSameAmount(price) || !isSameQuantity(price));
  return {
    kind: 'lateUsage',
    cause,
    ...(billedBy && { supplements: billedBy }),
    charges: changed.flatMap((price) => billedAnew(price, cause)),
  };
}

function isSameAmount({ billed, anew }: Repriced): boolean {
  return billed ? anew.amount.equals(billed.amount) : anew.amount.isZero;
}

function isSameQuantity({ billed, anew }: Repriced): boolean {
  return anew.quantity === (billed?.quantity ?? '0');
}

function billedAnew({ billed, anew }: Repriced, cause: string): Charge[] {
  const back = billed && { id: derivedId<'charge'>(billed.id, `reversal/${cause}`), period: billed.period, part: null };
  return [...(back ? [reversalOf(billed, back)] : []), ...(isUnused(anew) ? [] : [anew])];
}
