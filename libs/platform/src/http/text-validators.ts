import { isEmail } from 'class-validator';
import { type Fault, type FieldSchema, fieldRule, simpleRule } from './field-rule.js';

interface Length {
  readonly min?: number;
  readonly max: number;
}

/** Text of one line for people: a name, a region. */
export function IsLine({ min = 1, max }: Length): PropertyDecorator {
  return fieldRule(visible({ min, max }), (value) => textFaults(value, { min, max }, NOT_IN_A_LINE));
}

/** Text of any number of lines for people: a reason, a note. */
export function IsProse({ min = 1, max }: Length): PropertyDecorator {
  return fieldRule(visible({ min, max }), (value) => textFaults(value, { min, max }, NOT_IN_PROSE));
}

/** Text for machines, such as a cursor: any storable text up to a length. */
export function IsText({ min = 0, max }: Length): PropertyDecorator {
  return fieldRule(lengths({ min, max }), (value) => lengthFaults(value, { min, max }));
}

/** Text of a fixed alphabet. */
export function IsCode(pattern: RegExp, detail: string): PropertyDecorator {
  return simpleRule(
    { type: 'string', pattern: pattern.source },
    'code_invalid',
    detail,
    (value) => typeof value === 'string' && pattern.test(value),
  );
}

export function IsEmailAddress(): PropertyDecorator {
  return simpleRule(
    { type: 'string', format: 'email' },
    'email_invalid',
    'This must be one e-mail address, such as ada@example.com.',
    isEmail,
  );
}

const TOKEN = /^[\x21-\x7e]{1,255}$/;

/** What a gateway gave for a payment method. */
export function IsGatewayToken(): PropertyDecorator {
  const detail = 'This must be what the gateway gave: 1 to 255 printable ASCII characters.';
  return simpleRule(
    { type: 'string', pattern: TOKEN.source },
    'token_invalid',
    detail,
    (value) => typeof value === 'string' && TOKEN.test(value),
  );
}

/** One of the values, compared exactly. */
export function IsChoice(values: readonly string[]): PropertyDecorator {
  return fieldRule({ type: 'string', enum: [...values] }, (value) => {
    if (typeof value === 'string' && values.includes(value)) return [];
    const meant = typeof value === 'string' ? values.find((each) => each.toLowerCase() === value.toLowerCase()) : undefined;
    const detail = meant === undefined ? `This must be one of ${listed(values)}.` : `This is spelled ${meant}.`;
    return [{ code: 'choice_unknown', detail }];
  });
}

/** Controls, line breaks, and what turns the direction of the text after it (Unicode Standard Annex 9). */
const NOT_IN_A_LINE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** The same without line feed, carriage return and tab. */
const NOT_IN_PROSE = /[[\p{Cc}--[\n\r\t]]\u2028\u2029\u202a-\u202e\u2066-\u2069]/v;

/** Letters, digits, signs: fillers are letters by their category, and the braille blank a sign. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}\u2800]/u;

const names: Readonly<Record<string, string>> = {
  '\n': 'a line feed',
  '\r': 'a carriage return',
  '\t': 'a tab',
  '\u2028': 'a line separator',
  '\u2029': 'a paragraph separator',
};

function lengths({ min = 0, max }: Length): FieldSchema {
  return { type: 'string', ...(min > 0 && { minLength: min }), maxLength: max };
}

function visible(length: Length): FieldSchema {
  return { ...lengths(length), pattern: '\\S' };
}

function textFaults(value: unknown, length: Length, refused: RegExp): Fault[] {
  const wrong = lengthFaults(value, length);
  if (wrong.length > 0) return wrong;
  const text = value as string;
  const [character] = refused.exec(text) ?? [];
  if (character !== undefined)
    return [{ code: 'text_character', detail: `This holds ${described(character)}, which is not allowed here.` }];
  return VISIBLE.test(text) ? [] : [{ code: 'text_blank', detail: 'This must hold something that can be seen.' }];
}

function described(character: string): string {
  const point = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = names[character] ?? (/\p{Cc}/u.test(character) ? 'a control character' : 'a character that turns the direction of the text');
  return `${name} (${point})`;
}

function lengthFaults(value: unknown, { min = 0, max }: Length): Fault[] {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return [];
  const range = min === 0 ? `at most ${max}` : `${min} to ${max}`;
  return [{ code: 'text_length', detail: `This must be text of ${range} characters.` }];
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
