import { Decimal, decimal } from '#kernel/decimal.js';
import { Rational } from '#kernel/rational.js';
import { type FeeCounts, percentageOfCounts } from './models/fee-counts.js';
import { flat } from './models/flat.js';
import { graduated } from './models/graduated.js';
import { packaged } from './models/package.js';
import { perUnit } from './models/per-unit.js';
import { percentage } from './models/percentage.js';
import { stairStep } from './models/stair-step.js';
import { volume } from './models/volume.js';
import type { PriceKind, Terms } from './price.js';
import type { Proration } from './proration.js';
import type { Step, Sum } from './step.js';

/** How much of a price is taken. */
export interface Measured {
  /** What a meter counted below zero counts as zero. */
  readonly quantity: Decimal;
  /** What a percentage is of, one by one and in their order; without them, the quantity is one event. */
  readonly events?: readonly Decimal[];
  /** What was kept of them, where there are too many to be given. */
  readonly feeCounts?: FeeCounts;
}

/** What a price comes to, exactly, in minor units. It is rounded once, by whoever makes a charge or a line of it. */
export interface PricedSum {
  readonly exact: Rational;
  readonly unitAmount: string | null;
  readonly steps: readonly Step[];
}

/**
 * What a quantity costs for a period or a part of one. A part of a recurring price is that part of the whole price; what was used
 * is never prorated, but the minimum and the maximum of its period are.
 */
export function priceOf(price: Terms & { readonly kind: PriceKind }, measured: Measured, part: Proration | null): PricedSum {
  const { exact: ofModel, unitAmount, steps } = modelPrice(price, measured);
  const summed: readonly Step[] = steps.length > 1 ? [...steps, { rule: 'sum', amount: ofModel.toString() }] : steps;
  const isUsage = price.kind === 'usage';
  const limited = withinLimits(price, Rational.from(ofModel), isUsage ? part : null);
  const all = [...summed, ...limited.steps];
  if (!part || isUsage) return { exact: limited.exact, unitAmount, steps: all };
  return { exact: limited.exact.times(fractionOf(part)), unitAmount, steps: [...all, { rule: 'proration', ...part }] };
}

/** Takes back that part of what was charged: computed from the charge, whatever its price is by now. */
export function reversalOfAmount(charged: bigint, part: Proration | null): PricedSum {
  const step: Step = { rule: 'reversal', charged: charged.toString(), amount: (-charged).toString() };
  const whole = Rational.of(-charged);
  if (!part) return { exact: whole, unitAmount: null, steps: [step] };
  return { exact: whole.times(fractionOf(part)), unitAmount: null, steps: [step, { rule: 'proration', ...part }] };
}

function modelPrice(price: Terms, { quantity: given, events, feeCounts }: Measured): Sum {
  const quantity = given.isNegative ? Decimal.zero : given;
  const sum = sumOf(price, quantity, feeCounts ?? events ?? [given]);
  if (!given.isNegative || price.model === 'flat' || price.model === 'percentage') return sum;
  return { ...sum, steps: [{ rule: 'belowZero', quantity: given.toString() }, ...sum.steps] };
}

function sumOf(price: Terms, quantity: Decimal, events: readonly Decimal[] | FeeCounts): Sum {
  switch (price.model) {
    case 'flat':
      return flat(price.terms);
    case 'perUnit':
      return perUnit(price.terms, quantity);
    case 'graduated':
      return graduated(price.terms, quantity);
    case 'volume':
      return volume(price.terms, quantity);
    case 'stairStep':
      return stairStep(price.terms, quantity);
    case 'package':
      return packaged(price.terms, quantity);
    case 'percentage':
      return 'events' in events ? percentageOfCounts(price.terms, events) : percentage(price.terms, events);
    default:
      return price satisfies never;
  }
}

function withinLimits({ terms }: Terms, exact: Rational, part: Proration | null): { exact: Rational; steps: Step[] } {
  const partOf = (limit: string): Rational =>
    part ? Rational.from(decimal(limit)).times(fractionOf(part)) : Rational.from(decimal(limit));
  const { periodMinimum: least, periodMaximum: most } = terms;
  if (least !== undefined && exact.compare(partOf(least)) < 0) {
    return { exact: partOf(least), steps: [{ rule: 'periodMinimum', limit: least, part }] };
  }
  if (most !== undefined && exact.compare(partOf(most)) > 0) {
    return { exact: partOf(most), steps: [{ rule: 'periodMaximum', limit: most, part }] };
  }
  return { exact, steps: [] };
}

function fractionOf({ numerator, denominator }: Proration): Rational {
  return Rational.of(BigInt(numerator), BigInt(denominator));
}
