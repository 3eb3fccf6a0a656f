import { existsSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What a person typed means nothing: told in one sentence, without a stack, and the process ends with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a script. Throws UsageError for an option that there is not, with the one that was meant. */
export function readArguments<const O extends Options>(args: readonly string[], options: O, { words = false } = {}) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: words });
  } catch (error) {
    throw new UsageError(explained(error as Error & { code?: string }, options));
  }
}

/** Throws UsageError unless the text is a whole number in the range. */
export function wholeNumber(name: string, text: string, { from, to }: { readonly from: number; readonly to: number }): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= from && number <= to))
    throw new UsageError(`${name} must be a whole number from ${from} to ${to}, not ${shortened(text)}.`);
  return number;
}

/** Throws UsageError unless there is such a file. */
export function existingFile(name: string, path: string): string {
  if (!existsSync(path)) throw new UsageError(`${name} names ${shortened(path)}, and there is no such file.`);
  return path;
}

/** One of the known words. Throws UsageError with the one that was meant, and with all of them. */
export function knownWord<Word extends string>(kind: string, text: string, known: readonly Word[]): Word {
  const found = known.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`There is no ${kind} ${shortened(text)}${meant(text, known)} There are: ${known.join(', ')}.`);
}

function explained({ code, message }: Error & { code?: string }, options: Options): string {
  const [, option = ''] = /'(-[^' ]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = [...Object.keys(options), 'help'].map((name) => `--${name}`);
    return `There is no option ${shortened(option)}${meant(option, known)}`;
  }
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `${/'[^']*'/.exec(message)?.[0] ?? 'A word'} means nothing here.`;
  if (/argument (missing|is ambiguous)/.test(message)) return `${option} needs a value.`;
  return message.split('\n')[0]!;
}

function meant(text: string, known: readonly string[]): string {
  const word = closest(text, known);
  return word === null ? '.' : `. Did you mean ${word}?`;
}

/** The known word that a typing mistake or a beginning comes from; null when none is near. */
export function closest(text: string, known: readonly string[]): string | null {
  const begun = known.filter((word) => text.length > 1 && word.startsWith(text));
  if (begun.length === 1) return begun[0]!;
  const near = known.map((word) => ({ word, distance: distanceOf(text.toLowerCase(), word.toLowerCase()) }));
  const [best] = near.sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
}

/** How many letters are missing, too many, other ones or swapped with their neighbour. */
function distanceOf(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const differs = one[i - 1] === other[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + differs);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length]!;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
