import { derivedId } from '#kernel/ids.js';
import { type Charge, reversalOf } from '#pricing/charge.js';
import { meterKey } from '#pricing/meter.js';
import { UsageSettled } from './subscription.events.js';
import { chargesForUsage, isUnused, type KnownUsage, usedOf } from './subscription.policies.js';
import type { Agreement, UnsettledPeriod } from './subscription.state.js';

/**
 * What the usage of a period comes to once nothing more can come. What was billed is taken back whole and billed anew, so that the
 * remainder of a tier, a package or a limit follows by itself; a price whose quantity is as it was is left alone.
 */
export function usageSettles(agreement: Agreement, over: UnsettledPeriod, usage: KnownUsage): UsageSettled {
  const { subscriptionId, accountId } = agreement;
  const { number, period, billedBy } = over;
  const cause = `late-usage/${number}`;
  const all = chargesForUsage({ ...agreement, terms: over.terms }, cause, period, over.part, usage);
  const changes = all.map((anew) => ({ anew, billed: over.charges.find(({ priceCode }) => priceCode === anew.priceCode) }));
  const charges = changes
    .filter(({ anew, billed }) => anew.quantity !== (billed?.quantity ?? '0'))
    .flatMap(({ anew, billed }) => [...(billed ? [takenBack(billed, cause)] : []), ...(isUnused(anew) ? [] : [anew])]);
  const isSameAmount = changes.every(({ anew, billed }) => (billed ? anew.amount.equals(billed.amount) : anew.amount.isZero));
  const bill = isSameAmount ? null : ({ kind: 'lateUsage', cause, charges, ...(billedBy && { supplements: billedBy }) } as const);
  const used = over.terms.prices.map((price, index) => {
    const quantity = String(usedOf(price, period, usage));
    return { priceCode: price.code, meter: meterKey(price.meter!), quantity, amount: all[index]!.amount };
  });
  return new UsageSettled({ subscriptionId, accountId, number, period, used, bill });
}

function takenBack(billed: Charge, cause: string): Charge {
  const id = derivedId<'charge'>(billed.id, `reversal/${cause}`);
  return reversalOf(billed, { id, period: billed.period, part: null });
}
