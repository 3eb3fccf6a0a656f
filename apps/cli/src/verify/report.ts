import type { CheckResult } from './verify.js';

/** A check's line of the table, and below it what is wrong and what was not checked. */
export function reportOf(result: CheckResult): string {
  const { id, invariant, verdict, violations, shown, notChecked, error, durationMs } = result;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  const lines = [`${id.padEnd(4)} ${verdict.padEnd(12)} ${seconds.padStart(8)}  ${invariant}${seen(result)}`];
  if (error !== null) lines.push(`       the check stopped: ${error}`);
  for (const { where, says } of shown)
    lines.push(
      `       ${says}`,
      `         ${Object.entries(where)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    );
  if (violations > shown.length) lines.push(`       … and ${(violations - shown.length).toLocaleString('en')} more`);
  for (const { part, because } of notChecked) lines.push(`       not checked: ${part} (${because})`);
  return lines.join('\n');
}

function seen({ examined }: CheckResult): string {
  if (examined.length === 0) return '';
  return ` (${examined.map(({ count, what }) => `${count.toLocaleString('en')} ${what}`).join(', ')})`;
}

/** The last line: what it comes to. */
export function summaryOf(results: readonly CheckResult[]): string {
  const count = (...verdicts: string[]) => results.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const violations = results.reduce((sum, result) => sum + result.violations, 0);
  const parts = [
    `${count('passed')} passed`,
    `${count('in part')} in part`,
    `${count('not checked')} not checked`,
    `${count('violated', 'broken')} failed`,
  ];
  return `${parts.join(', ')}; ${violations === 0 ? 'no violation found' : `${violations.toLocaleString('en')} violations`}.`;
}
