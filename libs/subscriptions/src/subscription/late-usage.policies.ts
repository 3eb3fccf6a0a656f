import { derivedId } from '#kernel/ids.js';
import { type Charge, reversalOf } from '#pricing/charge.js';
import { meterKey } from '#pricing/meter.js';
import { type SettledUsage, UsageSettled } from './subscription.events.js';
import { type Billing, billed, chargesForUsage, isUnused, type KnownUsage } from './subscription.policies.js';
import type { Agreement, UnsettledPeriod } from './subscription.state.js';

/** What the usage of a period comes to once nothing more can come. */
export function usageSettles(agreement: Agreement, over: UnsettledPeriod, usage: KnownUsage): UsageSettled {
  const { subscriptionId, accountId } = agreement;
  const { number, period, part, terms } = over;
  const cause = `late-usage/${number}`;
  const charges = chargesForUsage({ ...agreement, terms }, cause, period, part, usage);
  const used = charges.map(({ quantity, amount }, index): SettledUsage => {
    const { code, meter } = terms.prices[index]!;
    return { priceCode: code, meter: meterKey(meter!), quantity, amount };
  });
  return new UsageSettled({ subscriptionId, accountId, number, period, used, ...lateBilling(agreement, over, cause, charges) });
}

/** A price as it was billed, where it was, and as it comes to all told. */
interface Repriced {
  readonly before: Charge | undefined;
  readonly anew: Charge;
}

/**
 * What was billed is taken back whole and billed anew, so that the remainder of a tier, a package or a limit follows by itself.
 * A price is left alone where nothing of it has changed, and there is no bill where no amount has, nor where it would be negative:
 * what is given back is taken off the next one.
 */
function lateBilling(agreement: Agreement, over: UnsettledPeriod, cause: string, charges: readonly Charge[]): Billing {
  const { charges: known, billedBy } = over;
  const prices = charges.map((anew): Repriced => ({ anew, before: known.find(({ priceCode }) => priceCode === anew.priceCode) }));
  if (prices.every(isSameAmount)) return { bill: null };
  const changed = prices.filter((price) => !isSameAmount(price) || !isSameQuantity(price));
  const { bill, ...waiting } = billed(
    agreement,
    'lateUsage',
    cause,
    changed.flatMap((price) => billedAnew(price, cause)),
  );
  return { bill: bill && billedBy ? { ...bill, supplements: billedBy } : bill, ...waiting };
}

function isSameAmount({ before, anew }: Repriced): boolean {
  return before ? anew.amount.equals(before.amount) : anew.amount.isZero;
}

function isSameQuantity({ before, anew }: Repriced): boolean {
  return anew.quantity === (before?.quantity ?? '0');
}

function billedAnew({ before, anew }: Repriced, cause: string): Charge[] {
  const back = before && { id: derivedId<'charge'>(before.id, `reversal/${cause}`), period: before.period, part: null };
  return [...(back ? [reversalOf(before, back)] : []), ...(isUnused(anew) ? [] : [anew])];
}
