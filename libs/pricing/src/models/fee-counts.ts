import { Decimal, decimal } from '#kernel/decimal.js';
import type { PercentageTerms } from '../price.js';
import type { Step, Sum } from '../step.js';
import { chargedPart, freeStep, hasMaximum, hasMinimum, percent, priceBetweenLimits } from './percentage.js';

/**
 * What is kept of events so that a percentage of each of them can be billed exactly without reading them again: how many there were,
 * and how many of them cost what their amount makes, the minimum, or the maximum. All of it follows from the terms, so other terms
 * need counts of their own. Decimal strings, as they are stored.
 */
export interface FeeCounts {
  /** Those not below zero, and their amount: what the free events and the free amount are counted by. */
  readonly events: string;
  readonly amount: string;
  /** Those that are charged by their amount, and what of it is charged. */
  readonly chargedEvents: string;
  readonly chargedAmount: string;
  /** Those that cost the minimum or the maximum of an event instead. */
  readonly minimumEvents: string;
  readonly maximumEvents: string;
}

export const noFees: FeeCounts = {
  ...{ events: '0', amount: '0', chargedEvents: '0', chargedAmount: '0', minimumEvents: '0', maximumEvents: '0' },
};

/** The counts with further events, in the order of their arrival. */
export function countFees(terms: PercentageTerms, before: FeeCounts, events: readonly Decimal[]): FeeCounts {
  let [count, amount] = [BigInt(before.events), Decimal.fromJSON(before.amount)];
  let [chargedEvents, chargedAmount] = [BigInt(before.chargedEvents), Decimal.fromJSON(before.chargedAmount)];
  let [minimumEvents, maximumEvents] = [BigInt(before.minimumEvents), BigInt(before.maximumEvents)];
  for (const event of events) {
    if (event.isNegative) continue;
    const charged = chargedPart(terms, { events: count, amount }, event);
    count += 1n;
    amount = amount.plus(event);
    if (charged === null) continue;
    const price = priceBetweenLimits(terms, charged);
    if (hasMinimum(terms) && price.compare(decimal(terms.minimumAmount)) < 0) minimumEvents += 1n;
    else if (hasMaximum(terms) && price.compare(decimal(terms.maximumAmount)) > 0) maximumEvents += 1n;
    else {
      chargedEvents += 1n;
      chargedAmount = chargedAmount.plus(charged);
    }
  }
  return {
    ...{ events: count.toString(), amount: amount.toString() },
    ...{ chargedEvents: chargedEvents.toString(), chargedAmount: chargedAmount.toString() },
    ...{ minimumEvents: minimumEvents.toString(), maximumEvents: maximumEvents.toString() },
  };
}

/** What `percentage` makes of the events themselves. */
export function percentageOfCounts(terms: PercentageTerms, counts: FeeCounts): Sum {
  const { events, amount, chargedEvents, chargedAmount, minimumEvents, maximumEvents } = counts;
  const { rate, fixedAmount = '0', minimumAmount = '0', maximumAmount = '0' } = terms;
  const count = (text: string): Decimal => Decimal.fromJSON(text);
  const byAmount = count(chargedAmount)
    .times(percent(rate))
    .plus(decimal(fixedAmount).times(count(chargedEvents)));
  const [raised, lowered] = [decimal(minimumAmount).times(count(minimumEvents)), decimal(maximumAmount).times(count(maximumEvents))];
  const steps: Step[] = [
    ...freeStep(terms),
    {
      ...{ rule: 'percentageOfEvents', events, eventsAmount: amount, chargedEvents, chargedAmount },
      ...{ rate, fixedAmount, amount: byAmount.toString() },
    },
  ];
  if (minimumEvents !== '0') {
    steps.push({ rule: 'eventMinimum', events: minimumEvents, eachAmount: minimumAmount, amount: raised.toString() });
  }
  if (maximumEvents !== '0') {
    steps.push({ rule: 'eventMaximum', events: maximumEvents, eachAmount: maximumAmount, amount: lowered.toString() });
  }
  return { exact: byAmount.plus(raised).plus(lowered), unitAmount: null, steps };
}
