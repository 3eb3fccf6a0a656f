import { Type, type TypeHelpOptions } from 'class-transformer';
import { ValidateBy, ValidateNested, type ValidationOptions } from 'class-validator';
import { currency } from '#kernel/currency.js';
import { decimal } from '#kernel/decimal.js';
import { id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { locale } from '#kernel/money-format.js';
import { Refusal } from '#kernel/refusal.js';
import { timeZone } from '#kernel/time-zone.js';
import { reportEntries } from './validation.js';

/** RFC 3339 itself: Temporal also takes forms that other languages cannot read. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** The names of rules are the codes in `errors[]`. */
function rule(code: string, message: string, validate: (value: unknown) => boolean, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy({ name: code, validator: { validate, defaultMessage: () => message } }, options);
}

function reads(read: (text: string) => unknown, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    read(value);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

export function IsId(options?: ValidationOptions): PropertyDecorator {
  return rule('id_invalid', 'This must be an id (UUID).', (value) => reads(id, value), options);
}

export function IsCurrencyCode(options?: ValidationOptions): PropertyDecorator {
  return rule('currency_unknown', 'This must be an ISO 4217 currency in upper case, such as EUR.', isCurrency, options);
}

function isCurrency(value: unknown): boolean {
  return reads(currency, value);
}

export function IsTimeZoneName(options?: ValidationOptions): PropertyDecorator {
  const message = 'This must be the name of an IANA time zone, such as Europe/Berlin.';
  return rule('time_zone_unknown', message, (value) => reads(timeZone, value), options);
}

export function IsLocaleTag(options?: ValidationOptions): PropertyDecorator {
  return rule('locale_unknown', 'This must be a language tag, such as de-DE.', (value) => reads(locale, value), options);
}

export function IsInstant(options?: ValidationOptions): PropertyDecorator {
  const message = 'This must be an RFC 3339 instant, such as 2026-01-31T09:00:00Z.';
  return rule('instant_invalid', message, (value) => typeof value === 'string' && RFC3339.test(value) && reads(instant, value), options);
}

/** A whole number of minor units; not negative unless `min` says so. */
export function IsMoneyAmount({ min = 0, ...options }: { min?: number } & ValidationOptions = {}): PropertyDecorator {
  const message = `This must be a whole number of minor units from ${min} to ${Number.MAX_SAFE_INTEGER}.`;
  return rule('amount_invalid', message, (value) => Number.isSafeInteger(value) && (value as number) >= min, options);
}

export type DecimalSign = 'any' | 'zero-or-more' | 'positive';

/** An exact decimal as a string, within the limits of the kernel's `decimal()`. */
export function IsDecimalText({ sign = 'zero-or-more', ...options }: { sign?: DecimalSign } & ValidationOptions = {}): PropertyDecorator {
  const range = { any: '', 'zero-or-more': ', not negative', positive: ', more than zero' }[sign];
  return rule('decimal_invalid', `This must be a decimal as a string, such as "12.5"${range}.`, (value) => isDecimal(value, sign), options);
}

function isDecimal(value: unknown, sign: DecimalSign): boolean {
  if (!reads(decimal, value)) return false;
  const { isZero, isPositive } = decimal(value as string);
  return sign === 'any' || isPositive || (sign === 'zero-or-more' && isZero);
}

const METADATA_KEYS = 50;
const METADATA_KEY_LENGTH = 40;
const METADATA_VALUE_LENGTH = 500;

/** Up to 50 texts of the caller's own, by name: names up to 40, texts up to 500 characters. */
export function IsMetadata(options?: ValidationOptions): PropertyDecorator {
  const message = `This must be an object of at most ${METADATA_KEYS} texts.`;
  return rule('metadata_invalid', message, isMetadata, options);
}

function isMetadata(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length <= METADATA_KEYS && metadataErrors(value).length === 0;
}

function metadataErrors(value: unknown): { key: string; detail: string }[] {
  if (!isPlainObject(value) || Object.keys(value).length > METADATA_KEYS) return [];
  return Object.entries(value).flatMap(([key, text]) => {
    if (key.length === 0 || key.length > METADATA_KEY_LENGTH)
      return [{ key, detail: `Names have 1 to ${METADATA_KEY_LENGTH} characters.` }];
    if (typeof text !== 'string') return [{ key, detail: 'Values are strings.' }];
    return text.length > METADATA_VALUE_LENGTH ? [{ key, detail: `Values have at most ${METADATA_VALUE_LENGTH} characters.` }] : [];
  });
}

reportEntries('metadata_invalid', metadataErrors);

/**
 * A map keyed by currency, each value validated as the given class; `pick` may look at the object around it.
 * `@CurrencyMap(() => FlatTerms) currencies!: Map<string, FlatTerms>`; the property must be declared as a Map.
 */
export function CurrencyMap(pick: (around: TypeHelpOptions) => abstract new () => object): PropertyDecorator {
  const message = 'This must be an object with at least one currency.';
  return (target, property) => {
    Type((around) => pick(around!) as new () => object)(target, property);
    ValidateNested()(target, property);
    rule(
      'currency_map_invalid',
      message,
      (value) => value instanceof Map && value.size > 0 && unknownCurrencies(value).length === 0,
    )(target, property);
  };
}

function unknownCurrencies(value: unknown): { key: string; detail: string }[] {
  if (!(value instanceof Map)) return [];
  const unknown = [...value.keys()].filter((key) => !isCurrency(key));
  return unknown.map((key) => ({ key: String(key), detail: 'This is not an active ISO 4217 currency in upper case.' }));
}

reportEntries('currency_map_invalid', unknownCurrencies);

/** A list of objects, each validated as the given class. A list within the list is no object, though every one inside it might be. */
export function ListOf(pick: () => abstract new () => object): PropertyDecorator {
  return (target, property) => {
    Type(pick as () => new () => object)(target, property);
    ValidateNested({ each: true })(target, property);
    rule(
      'list_invalid',
      'This must be a list of objects.',
      (value) => Array.isArray(value) && noObjects(value).length === 0,
    )(target, property);
  };
}

function noObjects(value: unknown): { key: string; detail: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => (isPlainObject(item) ? [] : [{ key: String(index), detail: 'This must be an object.' }]));
}

reportEntries('list_invalid', noObjects);

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}
