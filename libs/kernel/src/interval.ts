import { defineRefusal } from './refusal.js';

export type IntervalUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** How often is billed: every `count` units, for example every 3 months. */
export interface Interval {
  readonly unit: IntervalUnit;
  readonly count: number;
}

/** No interval is longer than three years, the limit that Stripe Billing sets too. */
const MOST_OF_UNIT: Readonly<Record<IntervalUnit, number>> = { day: 1095, week: 156, month: 36, quarter: 12, year: 3 };

export const intervalUnits = Object.keys(MOST_OF_UNIT) as readonly IntervalUnit[];

export const intervalInvalid = defineRefusal({
  code: 'interval_invalid',
  kind: 'invalid',
  hint: 'An interval is { unit, count }: unit is day, week, month, quarter or year, count a whole number from 1, at most three years in all.',
});

/** Reads an interval given from outside. Refuses with `interval_invalid`; the pointer is that of the interval object. */
export function interval(given: { readonly unit: string; readonly count: number }, pointer = ''): Interval {
  const { unit, count } = given;
  if (!isUnit(unit)) throw intervalInvalid(`"${String(unit).slice(0, 80)}" is not a unit of time.`, { pointer: `${pointer}/unit` });
  if (!Number.isInteger(count) || count < 1 || count > MOST_OF_UNIT[unit]) {
    throw intervalInvalid(`The count of ${unit}s must be from 1 to ${MOST_OF_UNIT[unit]}.`, { pointer: `${pointer}/count` });
  }
  return { unit, count };
}

function isUnit(text: unknown): text is IntervalUnit {
  return typeof text === 'string' && Object.hasOwn(MOST_OF_UNIT, text);
}
