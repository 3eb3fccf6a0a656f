import { type Decimal, decimal } from '#kernel/decimal.js';
import { amountInvalid } from '#kernel/money-wire.js';
import type { PeriodLimits, PricingModel, Terms, Tier } from './price.js';
import { priceTermsInvalid, tiersInvalid } from './price.refusals.js';

/** Terms as they are asked for; their numbers are decimal strings. */
export type GivenTerms = Readonly<Record<string, unknown>>;

/** What a JSON number keeps exactly, and what no price needs more than. */
const MOST = decimal(String(Number.MAX_SAFE_INTEGER));
const MOST_TIERS = 100;
/** Of a percentage: a hundred times what it is of. */
const MOST_RATE = decimal('10000');

/** The terms in their plainest form. Refuses what cannot be priced; the pointer is that of the terms. */
export function soundTerms(model: PricingModel, given: GivenTerms, pointer: string): Terms['terms'] {
  const limits = soundLimits(given, pointer);
  switch (model) {
    case 'flat':
      return { amount: wholeAmount(given.amount, `${pointer}/amount`), ...limits };
    case 'perUnit':
      return { unitAmount: unitAmount(given.unitAmount, `${pointer}/unitAmount`), ...freeUnits(given, pointer), ...limits };
    case 'graduated':
    case 'volume':
    case 'stairStep':
      return { tiers: soundTiers(model, given.tiers, `${pointer}/tiers`), ...limits };
    case 'package': {
      const packageSize = positive(given.packageSize, `${pointer}/packageSize`);
      const packageAmount = wholeAmount(given.packageAmount, `${pointer}/packageAmount`);
      return { packageSize, packageAmount, ...freeUnits(given, pointer), ...limits };
    }
    case 'percentage':
      return { ...percentage(given, pointer), ...limits };
    default:
      return model satisfies never;
  }
}

function percentage(given: GivenTerms, pointer: string) {
  const rate = notNegative(given.rate, `${pointer}/rate`);
  if (rate.compare(MOST_RATE) > 0) throw priceTermsInvalid(`A rate of ${rate} % is above ${MOST_RATE} %.`, { pointer: `${pointer}/rate` });
  const perEvent = {
    ...optional(given, 'fixedAmount', pointer, wholeAmount),
    ...optional(given, 'minimumAmount', pointer, wholeAmount),
    ...optional(given, 'maximumAmount', pointer, wholeAmount),
  };
  ascending(perEvent.minimumAmount, perEvent.maximumAmount, `${pointer}/maximumAmount`, 'The maximum of an event is below its minimum.');
  const free = freeUnits(given, pointer);
  if (free.freeUnits !== undefined && decimal(free.freeUnits).scale > 0) {
    throw priceTermsInvalid('The free units of a percentage are events, and a whole number of them.', { pointer: `${pointer}/freeUnits` });
  }
  return { rate: rate.toString(), ...perEvent, ...free, ...optional(given, 'freeAmount', pointer, wholeAmount) };
}

function soundLimits(given: GivenTerms, pointer: string): PeriodLimits {
  const limits = {
    ...optional(given, 'periodMinimum', pointer, wholeAmount),
    ...optional(given, 'periodMaximum', pointer, wholeAmount),
  };
  ascending(limits.periodMinimum, limits.periodMaximum, `${pointer}/periodMaximum`, 'The maximum of the period is below its minimum.');
  return limits;
}

function soundTiers(model: 'graduated' | 'volume' | 'stairStep', given: unknown, pointer: string): Tier[] {
  if (!Array.isArray(given) || given.length === 0) throw tiersInvalid('There is no tier, so no quantity has a price.', { pointer });
  if (given.length > MOST_TIERS) throw tiersInvalid(`There are more than ${MOST_TIERS} tiers.`, { pointer });
  const tiers = given.map((tier: GivenTerms, index) => soundTier(model, tier, `${pointer}/${index}`));
  tiers.forEach(({ upTo }, index) => {
    checkLimit(upTo, index === 0 ? '0' : (tiers[index - 1]!.upTo ?? '0'), index === tiers.length - 1, `${pointer}/${index}/upTo`);
  });
  return tiers;
}

function soundTier(model: 'graduated' | 'volume' | 'stairStep', given: GivenTerms, pointer: string): Tier {
  const { upTo = null } = given;
  const limit = upTo === null ? null : notNegative(upTo, `${pointer}/upTo`).toString();
  const tier = {
    upTo: limit,
    ...optional(given, 'unitAmount', pointer, unitAmount),
    ...optional(given, 'flatAmount', pointer, wholeAmount),
  };
  if (model === 'stairStep' && tier.unitAmount !== undefined) {
    throw tiersInvalid('A stair has one price for all of it, a flat amount.', { pointer: `${pointer}/unitAmount` });
  }
  if (model === 'stairStep' && tier.flatAmount === undefined)
    throw tiersInvalid('The stair has no flat amount.', { pointer: `${pointer}/flatAmount` });
  if (tier.unitAmount === undefined && tier.flatAmount === undefined) {
    throw tiersInvalid('The tier has neither a unit amount nor a flat amount; a free one costs 0.', { pointer });
  }
  return tier;
}

function checkLimit(upTo: string | null, before: string, isLast: boolean, pointer: string): void {
  if (isLast && upTo !== null) throw tiersInvalid(`The last tier ends at ${upTo}, so a quantity above it has no price.`, { pointer });
  if (!isLast && upTo === null) throw tiersInvalid('Only the last tier is open.', { pointer });
  if (upTo !== null && decimal(upTo).compare(decimal(before)) <= 0) {
    throw tiersInvalid(`The tier up to ${upTo} is empty: the one before it ends at ${before}.`, { pointer });
  }
}

function ascending(least: string | undefined, most: string | undefined, pointer: string, detail: string): void {
  if (least !== undefined && most !== undefined && decimal(least).compare(decimal(most)) > 0) throw priceTermsInvalid(detail, { pointer });
}

function freeUnits(given: GivenTerms, pointer: string): { freeUnits?: string } {
  return optional(given, 'freeUnits', pointer, (value, at) => notNegative(value, at).toString());
}

/** A term that may be left out, and then is no field of the terms. */
function optional<Name extends string>(
  given: GivenTerms,
  name: Name,
  pointer: string,
  read: (value: unknown, pointer: string) => string,
): { [name in Name]?: string } {
  const value = given[name];
  return (value === undefined || value === null ? {} : { [name]: read(value, `${pointer}/${name}`) }) as { [name in Name]?: string };
}

function wholeAmount(value: unknown, pointer: string): string {
  const amount = decimal(textOf(value), pointer);
  if (amount.isNegative || amount.scale > 0 || amount.compare(MOST) > 0) {
    throw amountInvalid(`${amount} is not a whole number from 0 to ${MOST}.`, { pointer });
  }
  return amount.toString();
}

function unitAmount(value: unknown, pointer: string): string {
  const amount = decimal(textOf(value), pointer);
  if (amount.isNegative || amount.compare(MOST) > 0) {
    const hint = 'A unit costs from 0 to 9007199254740991 minor units, as a decimal string.';
    throw amountInvalid(`${amount} is not from 0 to ${MOST}.`, { pointer, hint });
  }
  return amount.toString();
}

function notNegative(value: unknown, pointer: string): Decimal {
  const number = decimal(textOf(value), pointer);
  if (number.isNegative) throw priceTermsInvalid(`${number} is below zero.`, { pointer });
  return number;
}

function positive(value: unknown, pointer: string): string {
  const number = notNegative(value, pointer);
  if (number.isZero) throw priceTermsInvalid('A package of nothing holds nothing.', { pointer });
  return number.toString();
}

/** Whatever else was given is no decimal either, and is refused as one. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
