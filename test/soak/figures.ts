import { readFileSync, writeFileSync } from 'node:fs';
import type { SuiteResult } from './suite.js';

export interface About {
  /** What one trial is, in the plural. */
  readonly trials: string;
  readonly control: boolean;
  readonly seconds: number;
}

/** A suite's figures, as they stand in the document. */
interface Row {
  readonly suite: string;
  readonly size: string;
  readonly seed: string;
  readonly faults: string;
  readonly outcome: string;
  readonly control: string;
}

const DOCUMENT = 'docs/reliability.md';
const BEGIN = '<!-- soak:begin -->';
const END = '<!-- soak:end -->';
const HEADING = ['| Suite | Size | Seed | Faults and trials by kind | Outcome | Control |', '|---|---|---|---|---|---|'];
const NOT_RUN = 'not run';

/** Puts the figures of a run into the document, in place of those of the suite's last run. */
export function writeFigures(result: SuiteResult, about: About, document = DOCUMENT): void {
  const text = readFileSync(document, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${document} has no place for figures: they go between ${BEGIN} and ${END}.`);
  const rows = new Map(rowsIn(text.slice(begin + BEGIN.length, end)).map((row) => [row.suite, row]));
  rows.set(result.suite, rowOf(result, about, rows.get(result.suite)));
  const lines = [...rows.values()].sort((a, b) => a.suite.localeCompare(b.suite)).map(lineOf);
  writeFileSync(document, `${text.slice(0, begin + BEGIN.length)}\n${[...HEADING, ...lines].join('\n')}\n${text.slice(end)}`);
}

/** A control says nothing about the system, only about its suite: it leaves the other figures as they are. */
function rowOf(result: SuiteResult, about: About, before: Row | undefined): Row {
  const { suite, seed, size, failures } = result;
  if (about.control) {
    const control = failures.length > 0 ? `fails (${failures.length} of ${size})` : '**does not fail**';
    return { suite, size: NOT_RUN, seed: '', faults: '', outcome: '', ...before, control };
  }
  return {
    suite,
    size: `${count(size)} ${about.trials}`,
    seed: String(seed),
    faults: listed(result.faults),
    outcome: [verdictOf(result), listed(figuresOf(result)), `${count(about.seconds)} s`].filter(Boolean).join('; '),
    control: before?.control ?? NOT_RUN,
  };
}

/** Nothing found in N trials is no proof of zero: by the rule of three it is less than 3/N, with 95 % confidence. */
function verdictOf({ size, failures }: SuiteResult): string {
  if (failures.length > 0) return `**${count(failures.length)} failures**`;
  return `no failure (below 3/${count(size)} at 95 %)`;
}

/** What a suite tells beyond what all tell. */
function figuresOf({
  suite: _suite,
  seed: _seed,
  size: _size,
  faults: _faults,
  failures: _failures,
  ...others
}: SuiteResult): Readonly<Record<string, unknown>> {
  return Object.assign({}, ...Object.entries(others).map(([name, value]) => (typeof value === 'object' ? value : { [name]: value })));
}

function listed(figures: Readonly<Record<string, unknown>>): string {
  return Object.entries(figures)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${count(value as number)}`)
    .join(', ');
}

const count = (value: number): string => value.toLocaleString('en-US');

const lineOf = ({ suite, size, seed, faults, outcome, control }: Row): string =>
  `| ${[suite, size, seed, faults, outcome, control].join(' | ')} |`;

function rowsIn(table: string): Row[] {
  return table.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, suite = '', size = '', seed = '', faults = '', outcome = '', control = ''] = cells;
    const isRow = cells.length === 8 && suite !== 'Suite' && !suite.startsWith('---');
    return isRow ? [{ suite, size, seed, faults, outcome, control }] : [];
  });
}
