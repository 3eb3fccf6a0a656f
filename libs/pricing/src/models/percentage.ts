import { Decimal, decimal } from '#kernel/decimal.js';
import type { PercentageTerms } from '../price.js';
import type { PercentageStep, Step, Sum } from '../step.js';

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
  return { exact, unitAmount: null, steps: [...freeStep(terms), ...steps.map(({ step }) => step)] };
}

/** What is free, where anything is. */
export function freeStep({ freeUnits, freeAmount }: PercentageTerms): Step[] {
  if (freeUnits === undefined && freeAmount === undefined) return [];
  return [{ rule: 'freeEvents', freeUnits: freeUnits ?? null, freeAmount: freeAmount ?? null }];
}

/** Each event with the part of it that is charged; null where it is free. */
function* chargedParts(terms: PercentageTerms, events: readonly Decimal[]): Generator<[Decimal, Decimal | null]> {
  let before = { events: 0n, amount: Decimal.zero };
  for (const event of events) {
    if (event.isNegative) {
      yield [event, null];
      continue;
    }
    yield [event, chargedPart(terms, before, event)];
    before = { events: before.events + 1n, amount: before.amount.plus(event) };
  }
}

/** The part of an event, not below zero, that is charged after the ones before it; null where all of it is free. */
export function chargedPart(
  { freeUnits, freeAmount }: PercentageTerms,
  before: { readonly events: bigint; readonly amount: Decimal },
  event: Decimal,
): Decimal | null {
  if (freeUnits === undefined && freeAmount === undefined) return event;
  if (freeUnits !== undefined && Decimal.of(before.events + 1n).compare(decimal(freeUnits)) > 0) return event;
  if (freeAmount === undefined) return null;
  const beyond = before.amount.plus(event).minus(decimal(freeAmount));
  return beyond.isPositive ? smaller(event, beyond) : null;
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

function priceOfEvent(terms: PercentageTerms, charged: Decimal): Decimal {
  const exact = priceBetweenLimits(terms, charged);
  const raised = hasMinimum(terms) ? larger(exact, decimal(terms.minimumAmount)) : exact;
  return hasMaximum(terms) ? smaller(raised, decimal(terms.maximumAmount)) : raised;
}

/** What an event costs where neither its minimum nor its maximum says otherwise. */
export function priceBetweenLimits({ rate, fixedAmount = '0' }: PercentageTerms, charged: Decimal): Decimal {
  return charged.times(percent(rate)).plus(decimal(fixedAmount));
}

export function hasMinimum(terms: PercentageTerms): terms is PercentageTerms & { minimumAmount: string } {
  return terms.minimumAmount !== undefined;
}

export function hasMaximum(terms: PercentageTerms): terms is PercentageTerms & { maximumAmount: string } {
  return terms.maximumAmount !== undefined;
}

export function percent(rate: string): Decimal {
  const { unscaled, scale } = decimal(rate);
  return Decimal.of(unscaled, scale + 2);
}

function smaller(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) < 0 ? a : b;
}

function larger(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) > 0 ? a : b;
}
