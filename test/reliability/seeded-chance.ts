import { createHash } from 'node:crypto';

/** Chance that is the same every time for the same seed, so that a run that failed can be looked at again. */
export class SeededChance {
  private drawn = 0;

  constructor(private readonly seed: number) {}

  /** In [0, 1). */
  next(): number {
    this.drawn += 1;
    return createHash('sha256').update(`${this.seed}/${this.drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!;
  }
}
