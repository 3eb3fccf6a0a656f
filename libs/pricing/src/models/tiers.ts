import { Decimal, decimal } from '#kernel/decimal.js';
import type { Tier, TieredTerms } from '../price.js';
import type { TierStep } from '../step.js';

/** A tier as it is computed with: the quantities above `from`, up to `upTo` and including it. */
export interface Range {
  readonly from: Decimal;
  readonly upTo: Decimal | null;
  readonly unitAmount: Decimal;
  readonly flatAmount: Decimal;
}

export function rangesOf({ tiers }: TieredTerms): Range[] {
  return tiers.map(({ upTo, unitAmount = '0', flatAmount = '0' }, index) => ({
    from: limitBefore(tiers, index),
    upTo: upTo === null ? null : decimal(upTo),
    unitAmount: decimal(unitAmount),
    flatAmount: decimal(flatAmount),
  }));
}

/** The tier that a quantity lies in: just above a limit it is the next one, and zero is in the first. */
export function rangeOf(ranges: readonly Range[], quantity: Decimal): Range {
  return ranges.find(({ upTo }) => upTo === null || quantity.compare(upTo) <= 0)!;
}

/** What so many units cost in a tier, with its flat fee. */
export function inRange({ from, upTo, unitAmount, flatAmount }: Range, quantity: Decimal): { exact: Decimal; step: TierStep } {
  const exact = unitAmount.times(quantity).plus(flatAmount);
  const step = {
    from: from.toString(),
    upTo: upTo?.toString() ?? null,
    quantity: quantity.toString(),
    unitAmount: unitAmount.toString(),
    flatAmount: flatAmount.toString(),
    amount: exact.toString(),
  };
  return { exact, step };
}

function limitBefore(tiers: readonly Tier[], index: number): Decimal {
  return index === 0 ? Decimal.zero : decimal(tiers[index - 1]!.upTo!);
}
