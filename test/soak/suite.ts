export interface SuiteOptions {
  /** The same seed makes the same choices; processes and threads remain as free as they are. */
  readonly seed: number;
  /** How many trials; what a trial is, the suite says. */
  readonly size: number;
  readonly onProgress?: (done: number, failures: number) => void;
  /** As soon as it is found, by the suites that keep a tally: a long run need not end before one can look. */
  readonly onFailure?: (says: string) => void;
  /** Takes away the guard that the suite is about, or plants what it looks for: then it must fail. */
  readonly control?: boolean;
}

export interface SuiteResult {
  readonly suite: string;
  readonly seed: number;
  readonly size: number;
  /** How often each kind of fault was injected, or each kind of trial made. */
  readonly faults: Readonly<Record<string, number>>;
  /** One sentence each, with what leads to the place. */
  readonly failures: readonly string[];
}

export type RunSuite = (options: SuiteOptions) => Promise<SuiteResult>;

/** Collects what a suite has to tell. */
export class Tally {
  readonly faults: Record<string, number> = {};
  readonly failures: string[] = [];
  private done = 0;

  constructor(
    private readonly suite: string,
    private readonly options: SuiteOptions,
  ) {}

  count(kind: string, times = 1): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + times;
  }

  fail(says: string): void {
    this.failures.push(says);
    this.options.onFailure?.(says);
  }

  advance(trials = 1): void {
    this.done += trials;
    this.options.onProgress?.(this.done, this.failures.length);
  }

  result<Figures extends object>(figures: Figures): SuiteResult & Figures {
    const { seed, size } = this.options;
    return { suite: this.suite, seed, size, faults: this.faults, failures: this.failures, ...figures };
  }
}
