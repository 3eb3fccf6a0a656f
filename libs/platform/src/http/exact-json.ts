import { isCurrency, minorDigits } from '#kernel/currency.js';
import { defineRefusal, type Refusal, type RefusalOf } from '#kernel/refusal.js';
import { type ProblemError, step } from './problem-error.js';

export const amountTooLarge = defineRefusal({
  code: 'amount_too_large',
  kind: 'invalid',
  hint: 'Numbers are whole, up to 9007199254740991 (2^53 - 1); decimals are sent as strings.',
});

export const numberNotWhole = defineRefusal({
  code: 'number_not_whole',
  kind: 'invalid',
  hint: 'Numbers are written as whole numbers: amounts in minor units (29.00 USD is 2900), counts as they are (14). Decimals are sent as strings.',
});

export const nameRepeated = defineRefusal({
  code: 'name_repeated',
  kind: 'invalid',
  hint: 'Name each field of an object once: of two values for one name, nobody can tell which was meant.',
});

export const textInvalid = defineRefusal({
  code: 'text_invalid',
  kind: 'invalid',
  hint: 'Text is Unicode without the character U+0000 and without half surrogate pairs.',
});

/** Deeper than any request of ours; recursion over a body is safe up to here. */
const MAX_DEPTH = 32;

/** The tokens of a text that is known to be JSON; white space and the three words are skipped. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

const NUMBER = /-?\d[\d.eE+-]*/y;
const WHOLE = /^(?:0|-?[1-9]\d*)$/;

export interface ExactJson {
  readonly value: unknown;
  /** What JSON allows and we do not: see the refusals above. */
  readonly errors: readonly ProblemError[];
  readonly tooDeep: boolean;
}

/** The refusal that such errors are answered with. */
export function refusalOfJson(errors: readonly ProblemError[]): Refusal {
  const [first] = errors;
  const refusal = [amountTooLarge, numberNotWhole, nameRepeated].find(({ definition }) => definition.code === first?.code) ?? textInvalid;
  return refusal(first?.detail ?? 'The body cannot be read exactly.');
}

/**
 * JSON.parse that decides nothing silently: no number is rounded or rewritten, of two fields with one name none wins, and
 * no text comes in that cannot be stored. Throws SyntaxError.
 */
export function parseExactJson(text: string): ExactJson {
  const value: unknown = JSON.parse(text);
  if (isPlain(text, value)) return { value, errors: [], tooDeep: false };
  const places = new Places(value);
  for (const [token] of text.matchAll(TOKEN)) {
    places.take(token);
    if (places.depth > MAX_DEPTH) return { value: undefined, errors: [], tooDeep: true };
  }
  return { value, errors: places.errors, tooDeep: false };
}

const [QUOTE, MINUS, ZERO, NINE, COLON, BRACKET, BRACE, END_BRACKET, END_BRACE] = [...'"-09:[{]}'].map((sign) => sign.charCodeAt(0));

/**
 * Whether there is certainly nothing to say of the text, which is so of nearly every body and takes a tenth of finding the places:
 * it has no escapes, its numbers are whole, and it names as many fields as came out of it, so that none was named twice.
 */
function isPlain(text: string, value: unknown): boolean {
  if (text.includes('\\')) return false;
  let [names, depth] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = text.indexOf('"', at + 1);
    else if (sign === COLON) names += 1;
    else if (sign === BRACE || sign === BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) return false;
    } else if (sign === END_BRACE || sign === END_BRACKET) depth -= 1;
    else if (sign === MINUS || (sign >= ZERO! && sign <= NINE!)) {
      NUMBER.lastIndex = at;
      const [token] = NUMBER.exec(text)!;
      if (!WHOLE.test(token) || !Number.isSafeInteger(Number(token))) return false;
      at += token.length - 1;
    }
  }
  return names === namesIn(value);
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value);
  return inside.reduce((names: number, each) => names + namesIn(each), Array.isArray(value) ? 0 : inside.length);
}

interface Container {
  /** The names so far; undefined in a list. */
  readonly names?: Set<string>;
  /** What comes next: the name of a field, or a value. */
  expects: 'name' | 'value';
  /** The name or index of the present value. */
  at: string | number;
}

/** Follows the tokens, so that each error knows its place. */
class Places {
  readonly errors: ProblemError[] = [];
  private readonly containers: Container[] = [];

  constructor(private readonly document: unknown) {}

  get depth(): number {
    return this.containers.length;
  }

  take(token: string): void {
    const inside = this.containers.at(-1);
    switch (token[0]) {
      case '{':
        this.containers.push({ names: new Set(), expects: 'name', at: '' });
        break;
      case '[':
        this.containers.push({ expects: 'value', at: 0 });
        break;
      case '}':
      case ']':
        this.containers.pop();
        break;
      case ':':
        inside!.expects = 'value';
        break;
      case ',':
        if (inside!.names) inside!.expects = 'name';
        else inside!.at = Number(inside!.at) + 1;
        break;
      case '"':
        this.text(token, inside);
        break;
      default:
        this.number(token);
    }
  }

  private text(token: string, inside: Container | undefined): void {
    // The text came in as UTF-8, so only an escape can be half a pair or U+0000.
    const text: string = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
    const strange = text !== token.slice(1, -1) && !isStorable(text);
    if (inside?.names && inside.expects === 'name') {
      inside.at = text;
      if (strange) this.add(textInvalid, 'The name holds a character that cannot be stored.');
      if (inside.names.has(text)) this.add(nameRepeated, 'This is named twice.');
      inside.names.add(text);
    } else if (strange) this.add(textInvalid, 'The text holds a character that cannot be stored.');
  }

  private number(token: string): void {
    const shown = token.slice(0, 40);
    if (!WHOLE.test(token)) this.add(numberNotWhole, `${shown} is not written as a whole number${this.inMinorUnits(token)}.`);
    else if (!Number.isSafeInteger(Number(token))) this.add(amountTooLarge, `${shown} cannot be kept exactly as a JSON number.`);
  }

  /** Who writes 29.0 for an amount most likely means 29 of the major unit. */
  private inMinorUnits(token: string): string {
    const { at } = this.containers.at(-1) ?? { at: '' };
    if (!/amount$/i.test(String(at)) || !/^-?\d{1,12}\.\d{1,4}$/.test(token)) return '';
    const currency = this.currency();
    const [whole = '', fraction = ''] = token.split('.');
    const digits = currency === undefined ? 2 : minorDigits(currency);
    const beyond = fraction.slice(digits);
    if (/[1-9]/.test(beyond)) return '';
    const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
    return `; in minor units ${token} ${currency ?? 'of a currency with two decimals'} is ${minor}`;
  }

  /** The currency of an amount: beside it, or the key above it. */
  private currency() {
    const above = this.containers.at(-2)?.at;
    if (isCurrency(above)) return above;
    let around: unknown = this.document;
    for (const { at } of this.containers.slice(0, -1)) around = (around as Record<string | number, unknown> | null | undefined)?.[at];
    const beside = (around as { currency?: unknown } | null | undefined)?.currency;
    return isCurrency(beside) ? beside : undefined;
  }

  private add(refusal: RefusalOf, detail: string): void {
    const pointer = this.containers.map(({ at }) => step(at)).join('');
    this.errors.push({ pointer, code: refusal.definition.code, detail });
  }
}

/** Whether PostgreSQL takes the text as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
