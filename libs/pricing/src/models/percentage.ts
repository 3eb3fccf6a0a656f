import { Decimal, decimal } from '#kernel/decimal.js';
import type { PercentageTerms } from '../price.js';
import type { PercentageStep, Sum } from '../step.js';

/**
 * A percentage of each event's amount, in the order of the events. What lies beyond the free events or the free amount, whichever
 * comes first, is charged; the fixed fee, the minimum and the maximum are of each event that is charged, in part too. An event below
 * zero costs nothing and gives nothing back, since fees of a payment are not returned with its refund.
 */
export function percentage(terms: PercentageTerms, events: readonly Decimal[]): Sum {
  const groups = new Map<string, { readonly event: Decimal; readonly charged: Decimal | null; count: bigint }>();
  for (const [event, charged] of chargedParts(terms, events)) {
    const key = `${event}/${charged}`;
    const group = groups.get(key);
    if (group) group.count += 1n;
    else groups.set(key, { event, charged, count: 1n });
  }
  const steps = [...groups.values()].map(({ event, charged, count }) => stepOf(terms, event, charged, Decimal.of(count)));
  const exact = steps.reduce((sum, { amount }) => sum.plus(amount), Decimal.zero);
  const { freeUnits, freeAmount } = terms;
  const hasFree = freeUnits !== undefined || freeAmount !== undefined;
  return {
    exact,
    unitAmount: null,
    steps: [
      ...(hasFree ? [{ rule: 'freeEvents' as const, freeUnits: freeUnits ?? null, freeAmount: freeAmount ?? null }] : []),
      ...steps.map(({ step }) => step),
    ],
  };
}

/** Each event with the part of it that is charged; null where it is free. */
function* chargedParts({ freeUnits, freeAmount }: PercentageTerms, events: readonly Decimal[]): Generator<[Decimal, Decimal | null]> {
  const [freeEvents, most] = [freeUnits && decimal(freeUnits), freeAmount && decimal(freeAmount)];
  let [count, sum] = [Decimal.zero, Decimal.zero];
  for (const event of events) {
    if (event.isNegative) {
      yield [event, null];
      continue;
    }
    count = count.plus(Decimal.one);
    sum = sum.plus(event);
    if (!freeEvents && !most) yield [event, event];
    else if (freeEvents && count.compare(freeEvents) > 0) yield [event, event];
    else if (most && sum.compare(most) > 0) yield [event, smaller(event, sum.minus(most))];
    else yield [event, null];
  }
}

function stepOf(
  terms: PercentageTerms,
  event: Decimal,
  charged: Decimal | null,
  count: Decimal,
): { amount: Decimal; step: PercentageStep } {
  const { rate, fixedAmount = '0', minimumAmount = null, maximumAmount = null } = terms;
  const each = charged === null ? Decimal.zero : priceOfEvent(terms, charged);
  const amount = each.times(count);
  const step = {
    rule: 'percentage' as const,
    events: count.toString(),
    eventAmount: event.toString(),
    chargedAmount: charged?.toString() ?? null,
    ...{ rate, fixedAmount, minimumAmount, maximumAmount },
    eachAmount: each.toString(),
    amount: amount.toString(),
  };
  return { amount, step };
}

function priceOfEvent({ rate, fixedAmount = '0', minimumAmount, maximumAmount }: PercentageTerms, charged: Decimal): Decimal {
  const exact = charged.times(percent(rate)).plus(decimal(fixedAmount));
  const raised = minimumAmount === undefined ? exact : larger(exact, decimal(minimumAmount));
  return maximumAmount === undefined ? raised : smaller(raised, decimal(maximumAmount));
}

function percent(rate: string): Decimal {
  const { unscaled, scale } = decimal(rate);
  return Decimal.of(unscaled, scale + 2);
}

function smaller(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) < 0 ? a : b;
}

function larger(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) > 0 ? a : b;
}
