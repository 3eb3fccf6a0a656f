import { isISO31661Alpha2, ValidateNested } from 'class-validator';
import { currency } from '#kernel/currency.js';
import { decimal, isDecimal } from '#kernel/decimal.js';
import { id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { locale } from '#kernel/money-format.js';
import { Refusal } from '#kernel/refusal.js';
import { timeZone } from '#kernel/time-zone.js';
import { type Fault, fieldRule, simpleRule } from './field-rule.js';
import { holds, type RequestClass } from './nested-types.js';

/** RFC 3339 itself: Temporal also takes forms that other languages cannot read. */
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

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

export function IsId(): PropertyDecorator {
  return simpleRule({ type: 'string', format: 'uuid' }, 'id_invalid', 'This must be an id (UUID).', (value) => reads(id, value));
}

/** Codes of currencies and countries are compared exactly, as all codes are; who wrote them in lower case is told so. */
function upperCaseCode(
  letters: number,
  code: 'currency_unknown' | 'country_unknown',
  detail: string,
  isKnown: (value: unknown) => boolean,
) {
  return fieldRule({ type: 'string', pattern: `^[A-Z]{${letters}}$` }, (value) => {
    if (isKnown(value)) return [];
    const meant = typeof value === 'string' && isKnown(value.toUpperCase());
    return [{ code, detail: meant ? `This is spelled ${value.toUpperCase()}.` : detail }];
  });
}

export function IsCurrencyCode(): PropertyDecorator {
  return upperCaseCode(3, 'currency_unknown', 'This must be an ISO 4217 currency in upper case, such as EUR.', isCurrency);
}

function isCurrency(value: unknown): boolean {
  return reads(currency, value);
}

export function IsCountryCode(): PropertyDecorator {
  const detail = 'This must be a country by ISO 3166-1 alpha-2 in upper case, such as DE.';
  return upperCaseCode(2, 'country_unknown', detail, (value) => isISO31661Alpha2(value) && value === String(value).toUpperCase());
}

export function IsTimeZoneName(): PropertyDecorator {
  const detail = 'This must be the name of an IANA time zone, such as Europe/Berlin.';
  return simpleRule({ type: 'string' }, 'time_zone_unknown', detail, (value) => reads(timeZone, value));
}

export function IsLocaleTag(): PropertyDecorator {
  return simpleRule({ type: 'string' }, 'locale_unknown', 'This must be a language tag, such as de-DE.', (value) => reads(locale, value));
}

export function IsInstant(): PropertyDecorator {
  const detail = 'This must be an RFC 3339 instant, such as 2026-01-31T09:00:00Z.';
  const isRight = (value: unknown) => typeof value === 'string' && RFC3339.test(value) && reads(instant, value);
  return simpleRule({ type: 'string', format: 'date-time' }, 'instant_invalid', detail, isRight);
}

export function IsWhole({ min, max }: { readonly min: number; readonly max: number }): PropertyDecorator {
  const isRight = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
  return simpleRule(
    { type: 'integer', minimum: min, maximum: max },
    'integer_invalid',
    `This must be a whole number from ${min} to ${max}.`,
    isRight,
  );
}

/** A whole number in an address, where everything is text. */
export function IsWholeText({ min, max }: { readonly min: number; readonly max: number }): PropertyDecorator {
  const isRight = (value: unknown) => /^(?:0|[1-9]\d{0,14})$/.test(String(value)) && Number(value) >= min && Number(value) <= max;
  return simpleRule(
    { type: 'integer', minimum: min, maximum: max },
    'integer_invalid',
    `This must be a whole number from ${min} to ${max}.`,
    isRight,
  );
}

export function IsFlag(): PropertyDecorator {
  return simpleRule({ type: 'boolean' }, 'flag_invalid', 'This must be true or false.', (value) => typeof value === 'boolean');
}

/** A flag in an address, where everything is text. */
export function IsFlagText(): PropertyDecorator {
  return simpleRule({ type: 'boolean' }, 'flag_invalid', 'This must be true or false.', (value) => value === 'true' || value === 'false');
}

/** A whole number of minor units; not negative unless `min` says so. */
export function IsMoneyAmount({ min = 0 }: { readonly min?: number } = {}): PropertyDecorator {
  const detail = `This must be a whole number of minor units from ${min} to ${Number.MAX_SAFE_INTEGER}.`;
  const schema = { type: 'integer', format: 'int64', minimum: min, maximum: Number.MAX_SAFE_INTEGER };
  return simpleRule(schema, 'amount_invalid', detail, (value) => Number.isSafeInteger(value) && (value as number) >= min);
}

export type DecimalSign = 'any' | 'zero-or-more' | 'positive';

/** An exact decimal as a string, within the limits of the kernel's `decimal()`. */
export function IsDecimalText({ sign = 'zero-or-more' }: { readonly sign?: DecimalSign } = {}): PropertyDecorator {
  const range = { any: '', 'zero-or-more': ', not negative', positive: ', more than zero' }[sign];
  const detail = `This must be a decimal as a string, such as "12.5"${range}.`;
  const schema = { type: 'string', pattern: decimalPattern[sign], maxLength: LONGEST_DECIMAL };
  return simpleRule(schema, 'decimal_invalid', detail, (value) => isDecimalOf(value, sign));
}

/** Thirty digits, a sign and a point. */
const LONGEST_DECIMAL = 32;
const UNSIGNED = '(?:0|[1-9]\\d*)(?:\\.\\d{1,12})?';
const decimalPattern: Readonly<Record<DecimalSign, string>> = {
  any: `^-?${UNSIGNED}$`,
  // Minus zero is not negative.
  'zero-or-more': `^(?:${UNSIGNED}|-0(?:\\.0{1,12})?)$`,
  positive: `^(?=.*[1-9])${UNSIGNED}$`,
};

function isDecimalOf(value: unknown, sign: DecimalSign): boolean {
  if (!isDecimal(value) || sign === 'any') return isDecimal(value);
  const { isZero, isPositive } = decimal(value);
  return isPositive || (sign === 'zero-or-more' && isZero);
}

/** What is read where its meaning is known, in more detail than a rule can have; its schema is stated by hand. */
export function IsReadLater(): PropertyDecorator {
  return fieldRule({}, (value) => (value === null ? [{ code: 'null_not_allowed', detail: 'This cannot be null.' }] : []));
}

const METADATA_KEYS = 50;
const METADATA_KEY_LENGTH = 40;
const METADATA_VALUE_LENGTH = 500;
const METADATA_SCHEMA = {
  type: 'object',
  maxProperties: METADATA_KEYS,
  propertyNames: { minLength: 1, maxLength: METADATA_KEY_LENGTH },
  additionalProperties: { type: 'string', maxLength: METADATA_VALUE_LENGTH },
};

/** Up to 50 texts of the caller's own, by name: names up to 40, texts up to 500 characters. */
export function IsMetadata(): PropertyDecorator {
  return fieldRule(METADATA_SCHEMA, metadataFaults);
}

function metadataFaults(value: unknown): Fault[] {
  const code = 'metadata_invalid';
  if (!isPlainObject(value) || Object.keys(value).length > METADATA_KEYS) {
    return [{ code, detail: `This must be an object of at most ${METADATA_KEYS} texts.` }];
  }
  return Object.entries(value).flatMap(([key, text]) => {
    if (key.length === 0 || key.length > METADATA_KEY_LENGTH)
      return [{ code, key, detail: `Names have 1 to ${METADATA_KEY_LENGTH} characters.` }];
    if (typeof text !== 'string') return [{ code, key, detail: 'Values are strings.' }];
    return text.length > METADATA_VALUE_LENGTH ? [{ code, key, detail: `Values have at most ${METADATA_VALUE_LENGTH} characters.` }] : [];
  });
}

/**
 * A map keyed by currency, each value validated as the given class; `pick` may look at the object around it.
 * `@CurrencyMap(() => FlatTerms) currencies!: Map<string, FlatTerms>`; the property must be declared as a Map.
 */
export function CurrencyMap(pick: Parameters<typeof holds>[1]): PropertyDecorator {
  return (target, property) => {
    holds('map', pick)(target, property);
    ValidateNested()(target, property);
    fieldRule({ type: 'object', minProperties: 1, propertyNames: { pattern: '^[A-Z]{3}$' } }, currencyMapFaults)(target, property);
  };
}

function currencyMapFaults(value: unknown): Fault[] {
  const code = 'currency_map_invalid';
  if (!(value instanceof Map) || value.size === 0) return [{ code, detail: 'This must be an object with at least one currency.' }];
  return [...value].flatMap(([key, terms]): Fault[] => {
    if (!isCurrency(key)) return [{ code, key, detail: 'This is not an active ISO 4217 currency in upper case.' }];
    return isPlainObject(terms) ? [] : [{ code, key, detail: 'This must be an object.' }];
  });
}

/** An object, validated as the given class. */
export function ObjectOf(pick: () => RequestClass): PropertyDecorator {
  return (target, property) => {
    holds('object', pick)(target, property);
    ValidateNested()(target, property);
    const fault: Fault = { code: 'object_invalid', detail: 'This must be an object.' };
    fieldRule({ type: 'object' }, (value) => (isPlainObject(value) ? [] : [fault]), pick)(target, property);
  };
}

/** A list of objects, each validated as the given class. A list within the list is no object, though every one inside it might be. */
export function ListOf(pick: () => RequestClass, { min = 0, max }: { readonly min?: number; readonly max: number }): PropertyDecorator {
  return (target, property) => {
    holds('list', pick)(target, property);
    ValidateNested({ each: true })(target, property);
    const schema = { type: 'array', ...(min > 0 && { minItems: min }), maxItems: max };
    fieldRule(schema, (value) => listFaults(value, min, max), pick)(target, property);
  };
}

function listFaults(value: unknown, min: number, max: number): Fault[] {
  const code = 'list_invalid';
  const size = min > 0 ? `${min} to ${max}` : `at most ${max}`;
  if (!Array.isArray(value) || value.length < min || value.length > max)
    return [{ code, detail: `This must be a list of ${size} objects.` }];
  return value.flatMap((item, index) => (isPlainObject(item) ? [] : [{ code, key: String(index), detail: 'This must be an object.' }]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}
