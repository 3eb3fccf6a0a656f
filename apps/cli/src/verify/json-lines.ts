import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** The lines of a file, one after the other, whatever its size; numbered from 1. */
export async function* linesOf(file: string): AsyncGenerator<{ number: number; text: string }> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (text !== '') yield { number, text };
  }
}

/** A file of JSON lines. The last line may be cut off: whoever wrote it may have been killed. */
export async function* jsonLinesOf<T>(file: string): AsyncGenerator<{ number: number; value: T }> {
  let broken: { number: number; error: Error } | null = null;
  for await (const { number, text } of linesOf(file)) {
    if (broken) throw new Error(`${file}, line ${broken.number}: ${broken.error.message}`);
    try {
      yield { number, value: JSON.parse(text) as T };
    } catch (error) {
      broken = { number, error: error as Error };
    }
  }
}
