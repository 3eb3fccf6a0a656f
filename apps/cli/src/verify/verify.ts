import type { Check } from './check.js';
import type { Examined, NotChecked, Violation } from './finding.js';
import type { Subject } from './subject.js';

/** `in part`: what could be checked holds, and the rest is listed. `broken`: the check itself could not be run to its end. */
export type Verdict = 'passed' | 'in part' | 'not checked' | 'violated' | 'broken';

export interface CheckResult {
  readonly id: string;
  readonly invariant: string;
  readonly verdict: Verdict;
  readonly violations: number;
  /** The first of them. */
  readonly shown: readonly Violation[];
  readonly examined: readonly Examined[];
  readonly notChecked: readonly NotChecked[];
  readonly error: string | null;
  readonly durationMs: number;
}

export interface VerifyOptions {
  /** How many violations of a check are kept to be shown; all are counted. */
  readonly show: number;
  readonly progress?: (check: Check, part: number) => void;
}

/** A check reads whole tables to the end: its cursors are planned for all rows, may sort in memory, and take their time. */
const SETTINGS = { cursor_tuple_fraction: '1', work_mem: '128MB', statement_timeout: '0', idle_in_transaction_session_timeout: '0' };

/** Runs the checks one after the other. One that fails or writes a temporary table leaves nothing to the next. */
export async function* verify(subject: Subject, checks: readonly Check[], options: VerifyOptions): AsyncGenerator<CheckResult> {
  for (const [name, value] of Object.entries(SETTINGS)) await subject.sql.query('select set_config($1, $2, true)', [name, value]);
  for (const check of checks) {
    await subject.sql.query('savepoint checking');
    const result = await runCheck(subject, check, options);
    await subject.sql.query('rollback to savepoint checking');
    await subject.sql.query('release savepoint checking');
    yield result;
  }
}

async function runCheck(subject: Subject, check: Check, { show, progress }: VerifyOptions): Promise<CheckResult> {
  const startedMs = performance.now();
  const shown: Violation[] = [];
  const examined: Examined[] = [];
  const notChecked: NotChecked[] = [];
  let violations = 0;
  let error: string | null = null;
  try {
    for await (const finding of check.run(subject, (part) => progress?.(check, part))) {
      if (finding.finding === 'examined') examined.push(finding);
      else if (finding.finding === 'not-checked') notChecked.push(finding);
      else if (++violations <= show) shown.push(finding);
    }
  } catch (failure) {
    error = (failure as Error).message;
  }
  const { id, invariant } = check;
  const verdict = verdictOf(violations, examined.length, notChecked.length, error);
  return { id, invariant, verdict, violations, shown, examined, notChecked, error, durationMs: performance.now() - startedMs };
}

function verdictOf(violations: number, examined: number, notChecked: number, error: string | null): Verdict {
  if (violations > 0) return 'violated';
  if (error !== null) return 'broken';
  if (notChecked === 0) return 'passed';
  return examined === 0 ? 'not checked' : 'in part';
}

export const isFailure = ({ verdict }: CheckResult): boolean => verdict === 'violated' || verdict === 'broken';
