import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from './steps.js';
import { type Verdict, verdictOn } from './test-results.js';

/** `npm run check`: all that CI runs, one step after the other, up to the first that fails. */
const root = join(import.meta.dirname, '../..');
const results = join(root, '.cache/test-results.json');
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });

let failed: string | null = null;
for (const { script, args = [] } of steps) {
  const begun = performance.now();
  console.log(`\n── ${[script, ...args].join(' ')}`);
  const { status } = spawnSync('npm', ['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`── ${script}: ${status === 0 ? 'done' : 'FAILED'} after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  if (status !== 0) {
    failed = script;
    break;
  }
}

const verdict = verdictIn(results);
if (failed) console.log(`\nThe step ${failed} failed.`);
console.log(verdict.summary);
process.exitCode = failed === null && verdict.isGood ? 0 : 1;

function verdictIn(file: string): Verdict {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8'));
    const counted = verdictOn(read);
    return failed !== null && counted.isGood ? verdictOn(read, 1) : counted;
  } catch {
    // A step before the tests failed, or jest ended before it could write anything.
    return { isGood: false, summary: '0 passed, 1 failed' };
  }
}
