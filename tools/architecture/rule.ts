import type { Files, Source } from './sources.js';

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly found: string;
}

/** A rule of the house: one sentence, a check, and what the check must find. */
export interface Rule {
  readonly sentence: string;
  readonly check: (sources: readonly Source[]) => readonly Violation[];
  /** Small projects that break the rule, each in its first file: they prove that the check can fail. */
  readonly badExamples: readonly Files[];
  /** Small projects that keep the rule, where it has an exception that is easily lost. */
  readonly goodExamples?: readonly Files[];
}

/** A check that looks at one file at a time. */
export function inEach(
  applies: (path: string) => boolean,
  look: (source: Source) => readonly { line: number; found: string }[],
): Rule['check'] {
  return (sources) =>
    sources.filter(({ path }) => applies(path)).flatMap((source) => look(source).map((violation) => ({ path: source.path, ...violation })));
}

/** The lines of a text that a pattern matches. */
export function linesMatching(source: Source, pattern: RegExp): { line: number; found: string }[] {
  return source.text.split('\n').flatMap((text, index) => {
    const match = pattern.exec(text);
    return match ? [{ line: index + 1, found: match[0].trim() }] : [];
  });
}

export function shown({ path, line, found }: Violation): string {
  return `${path}:${line} ${found}`;
}
