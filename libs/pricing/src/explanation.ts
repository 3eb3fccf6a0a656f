import { type Currency, minorDigits } from '#kernel/currency.js';
import { Decimal } from '#kernel/decimal.js';
import type { PricedSum } from './price-of.js';
import type { EventLimitStep, LimitStep, PercentageOfEventsStep, PercentageStep, Step, TierStep } from './step.js';

/** A step in words a customer understands, next to its numbers. */
export type ExplainedStep = Step & { readonly text: string };

/** Places that an exact amount is shown with where its division does not end; the steps have the fraction itself. */
const MOST_PLACES = 12;

/** All steps from the terms to the amount that is charged; the last one is the rounding. */
export function explanationOf({ exact, steps }: Pick<PricedSum, 'exact' | 'steps'>, currency: Currency): ExplainedStep[] {
  const rounding: Step = { rule: 'rounding', exactAmount: exact.toDecimal(MOST_PLACES).toString(), amount: exact.roundHalfUp().toString() };
  return [...steps, rounding].map((step) => ({ ...step, text: textOf(step, (amount) => inMajorUnits(amount, currency)) }));
}

type Shown = (minorUnits: string) => string;

function textOf(step: Step, shown: Shown): string {
  switch (step.rule) {
    case 'belowZero':
      return `The quantity ${step.quantity} is below zero and counts as 0.`;
    case 'reversal':
      return `Takes back what was charged, ${shown(step.charged)}: ${shown(step.amount)}.`;
    case 'flat':
      return `A fixed amount of ${shown(step.amount)}.`;
    case 'freeUnits':
      return `Of ${step.quantity} units ${step.freeUnits} are free: ${step.chargedQuantity} are charged.`;
    case 'perUnit':
      return `${step.quantity} × ${shown(step.unitAmount)} = ${shown(step.amount)}.`;
    case 'graduatedTier':
      return `${step.quantity} units ${rangeOf(step)}: ${inTier(step, shown)}.`;
    case 'volumeTier':
      return `The whole quantity of ${step.quantity} is in the tier ${rangeOf(step)}: ${inTier(step, shown)}.`;
    case 'stairStep':
      return `The quantity of ${step.quantity} is on the step ${rangeOf(step)}: ${shown(step.amount)} for all of it.`;
    case 'package':
      return (
        `${step.quantity} units take ${step.packages} packages of ${step.packageSize}, where a started one counts as a whole one: ` +
        `${step.packages} × ${shown(step.packageAmount)} = ${shown(step.amount)}.`
      );
    case 'freeEvents':
      return freeEvents(step.freeUnits, step.freeAmount && shown(step.freeAmount));
    case 'percentage':
      return percentage(step, shown);
    case 'percentageOfEvents':
      return percentageOfEvents(step, shown);
    case 'eventMinimum':
    case 'eventMaximum':
      return eventLimit(step, shown);
    case 'sum':
      return `Together ${shown(step.amount)}.`;
    case 'periodMinimum':
      return `Raised to the minimum ${ofPeriod(step, shown)}.`;
    case 'periodMaximum':
      return `Lowered to the maximum ${ofPeriod(step, shown)}.`;
    case 'proration':
      return `For ${step.numerator} of ${step.denominator} ${step.unit}s: × ${step.numerator} / ${step.denominator}.`;
    case 'rounding':
      return step.exactAmount === step.amount
        ? `To pay: ${shown(step.amount)}.`
        : `${shown(step.exactAmount)}, rounded half-up to ${shown(step.amount)}.`;
    default:
      return step satisfies never;
  }
}

function rangeOf({ from, upTo }: TierStep): string {
  if (upTo === null) return from === '0' ? 'without a limit' : `above ${from}`;
  return from === '0' ? `up to ${upTo}` : `above ${from} up to ${upTo}`;
}

function inTier({ quantity, unitAmount, flatAmount, amount }: TierStep, shown: Shown): string {
  const fee = flatAmount === '0' ? '' : ` + ${shown(flatAmount)}`;
  return `${quantity} × ${shown(unitAmount)}${fee} = ${shown(amount)}`;
}

function freeEvents(freeUnits: string | null, freeAmount: string | null): string {
  if (freeAmount === null) return `The first ${freeUnits} events are free.`;
  if (freeUnits === null) return `The first ${freeAmount} are free.`;
  return `The first ${freeUnits} events are free, and of them no more than ${freeAmount} in all.`;
}

function percentage(step: PercentageStep, shown: Shown): string {
  const { events, eventAmount, chargedAmount, rate, fixedAmount, minimumAmount, maximumAmount, eachAmount, amount } = step;
  const [of, whole] = [`${events} × ${shown(eventAmount)}`, chargedAmount === eventAmount];
  if (chargedAmount === null) return eventAmount.startsWith('-') ? `${of}: costs nothing and gives nothing back.` : `${of}: free.`;
  const terms = [
    `${rate} %${whole ? '' : ` of the ${shown(chargedAmount)} of it that are not free`}`,
    ...(fixedAmount === '0' ? [] : [`plus ${shown(fixedAmount)}`]),
    ...(minimumAmount === null ? [] : [`at least ${shown(minimumAmount)}`]),
    ...(maximumAmount === null ? [] : [`at most ${shown(maximumAmount)}`]),
  ];
  return `${of}: each ${terms.join(', ')} = ${shown(eachAmount)}; ${events} × ${shown(eachAmount)} = ${shown(amount)}.`;
}

function percentageOfEvents(step: PercentageOfEventsStep, shown: Shown): string {
  const { events, eventsAmount, chargedEvents, chargedAmount, rate, fixedAmount, amount } = step;
  const fees = fixedAmount === '0' ? '' : ` + ${chargedEvents} × ${shown(fixedAmount)}`;
  return (
    `Of ${events} events of ${shown(eventsAmount)} in all, ${chargedEvents} are charged by their amount, ${shown(chargedAmount)}: ` +
    `${rate} %${fees} = ${shown(amount)}.`
  );
}

function eventLimit({ rule, events, eachAmount, amount }: EventLimitStep, shown: Shown): string {
  return `${events} events at the ${rule === 'eventMinimum' ? 'minimum' : 'maximum'} of an event: ${events} × ${shown(eachAmount)} = ${shown(amount)}.`;
}

function ofPeriod({ limit, part }: LimitStep, shown: Shown): string {
  if (!part) return `of the period, ${shown(limit)}`;
  return `of the period, ${shown(limit)}, for ${part.numerator} of its ${part.denominator} ${part.unit}s`;
}

/** `0.0025 USD`, `29.00 USD`, `1250 JPY`: exact, and with at least the decimals that the currency has. */
function inMajorUnits(minorUnits: string, currency: Currency): string {
  const digits = minorDigits(currency);
  const { unscaled, scale } = Decimal.fromJSON(minorUnits);
  const [whole, fraction = ''] = Decimal.of(unscaled, scale + digits)
    .toString()
    .split('.');
  const shownFraction = fraction.padEnd(digits, '0');
  return `${whole}${shownFraction === '' ? '' : `.${shownFraction}`} ${currency}`;
}
