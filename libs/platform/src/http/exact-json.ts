import { defineRefusal } from '#kernel/refusal.js';
import { type ProblemError, step } from './problem-error.js';

export const amountTooLarge = defineRefusal({
  code: 'amount_too_large',
  kind: 'invalid',
  hint: 'Numbers are whole, up to 9007199254740991 (2^53 - 1); decimals are sent as strings.',
});

export const textInvalid = defineRefusal({
  code: 'text_invalid',
  kind: 'invalid',
  hint: 'Text is Unicode without the character U+0000 and without half surrogate pairs.',
});

/** Deeper than any request of ours; recursion over a body is safe up to here. */
const MAX_DEPTH = 32;

/** Only a run of digits this long can be a number that a double rounds. */
const LONG_NUMBER = /[\d.]{16}/;
const STRANGE_TEXT = /\\u(?:0000|[dD][89a-fA-F])/;

/** Stands in for a number that JSON.parse would have rounded, until its place in the document is known. */
class Rounded {
  constructor(readonly source: string) {}
}

export interface ExactJson {
  readonly value: unknown;
  /** Numbers that cannot be kept exactly and text that cannot be stored. */
  readonly errors: readonly ProblemError[];
  readonly tooDeep: boolean;
}

/** JSON.parse that rounds nothing silently. Almost every body takes the quick way: two tests of the text. Throws SyntaxError. */
export function parseExactJson(text: string): ExactJson {
  const hasLongNumber = LONG_NUMBER.test(text);
  const value: unknown = hasLongNumber ? JSON.parse(text, markRounded as (key: string, value: unknown) => unknown) : JSON.parse(text);
  if (isDeeperThan(value, MAX_DEPTH)) return { value: undefined, errors: [], tooDeep: true };
  const errors: ProblemError[] = [];
  if (hasLongNumber || STRANGE_TEXT.test(text)) collect(value, '', errors);
  return { value, errors, tooDeep: false };
}

function markRounded(_key: string, value: unknown, context: { source?: string }): unknown {
  return typeof value === 'number' && context.source !== undefined && isRounded(context.source, value)
    ? new Rounded(context.source)
    : value;
}

function isRounded(source: string, value: number): boolean {
  if (/^-?\d+$/.test(source)) return !Number.isSafeInteger(value);
  const digits = source
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits.length > 15;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  // A loop without a list of values: every body comes by here.
  for (const name in value) if (isDeeperThan((value as Record<string, unknown>)[name], levels - 1)) return true;
  return false;
}

function collect(value: unknown, pointer: string, errors: ProblemError[]): void {
  if (value instanceof Rounded) {
    errors.push({
      pointer,
      code: amountTooLarge.definition.code,
      detail: `${value.source.slice(0, 40)} cannot be kept exactly as a JSON number.`,
    });
  } else if (typeof value === 'string') {
    if (isStrange(value))
      errors.push({ pointer, code: textInvalid.definition.code, detail: 'The text holds a character that cannot be stored.' });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (isStrange(key))
        errors.push({ pointer, code: textInvalid.definition.code, detail: 'A name holds a character that cannot be stored.' });
      collect(child, pointer + step(key), errors);
    }
  }
}

function isStrange(text: string): boolean {
  return text.includes('\u0000') || !text.isWellFormed();
}
