import { randomInt } from 'node:crypto';
import { startedOrEnd } from '../../apps/start.js';
import { knownWord, readArguments, UsageError, wholeNumber } from '../../apps/usage.js';
import { startTestPostgres, stopTestPostgres } from '../support/test-postgres.js';
import { writeFigures } from './figures.js';
import type { SuiteOptions, SuiteResult } from './suite.js';
import { type KnownSuite, suites } from './suites.js';

const USAGE =
  'npm run soak -- <suite> [--seed N] [--size N] [--control] [--no-document]\nnpm run soak -- mutants --random [--seed N] [--size N]';
const RANGE = { from: 1, to: 9_999_999_999 } as const;

/** Runs one suite. The last line of the output is JSON; ends with 1 when something failed (with `--control`: when nothing did). */
async function main(): Promise<number> {
  const options = {
    seed: { type: 'string' },
    size: { type: 'string' },
    control: { type: 'boolean', default: false },
    random: { type: 'boolean', default: false },
    'no-document': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values, positionals } = readArguments(process.argv.slice(2), options, { words: true });
  if (positionals.length === 0 || values.help) return explain();
  if (positionals.length > 1) throw new UsageError('One suite at a time.');
  const name = knownWord('suite', positionals[0]!, Object.keys(suites));
  const known = suites[name]!;
  if (values.random && !known.random) throw new UsageError(`The suite ${name} has no --random.`);
  const suite: KnownSuite = { ...known, ...(values.random && known.random) };
  if (values.control && !suite.hasControl) throw new UsageError(`The suite ${name} has no --control: its spec shows that it can fail.`);
  const seed = values.seed === undefined ? randomInt(1, 1_000_000_000) : wholeNumber('--seed', values.seed, RANGE);
  const size = values.size === undefined ? suite.fullSize : wholeNumber('--size', values.size, RANGE);
  process.stderr.write(`${name}: seed ${seed}, ${size.toLocaleString('en-US')} ${suite.trials}\n`);

  const startedMs = performance.now();
  await startTestPostgres();
  let result: SuiteResult;
  try {
    const run = await suite.load();
    result = await run({ seed, size, control: values.control, onProgress: progress(name, size, startedMs), onFailure: found });
  } finally {
    await stopTestPostgres();
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  tell(result, suite, values.control);
  if (!values['no-document']) writeFigures(result, { trials: suite.trials, control: values.control, seconds });
  process.stdout.write(`${JSON.stringify({ ...result, control: values.control, seconds, failures: result.failures.length })}\n`);
  return result.failures.length > 0 === values.control ? 0 : 1;
}

function explain(): number {
  const width = Math.max(...Object.keys(suites).map((known) => known.length));
  for (const [known, { about, fullSize, trials }] of Object.entries(suites)) {
    process.stdout.write(`  ${known.padEnd(width)}  ${about} Full size: ${fullSize.toLocaleString('en-US')} ${trials}.\n`);
  }
  process.stdout.write(`${USAGE}\n`);
  return 0;
}

/** A line every few seconds, not for every trial. */
function progress(name: string, size: number, startedMs: number): SuiteOptions['onProgress'] {
  let toldMs = 0;
  return (done, failures) => {
    const now = performance.now();
    if (now - toldMs < 5_000 && done < size) return;
    toldMs = now;
    process.stderr.write(`  ${name}: ${done} of ${size}, ${failures} failures, ${Math.round((now - startedMs) / 1000)} s\n`);
  };
}

const SHOWN = 20;
const foundSoFar = new Set<string>();

function found(failure: string): void {
  if (foundSoFar.size >= SHOWN) return;
  foundSoFar.add(failure);
  process.stderr.write(`  ${failure}\n`);
}

function tell({ suite, seed, size, failures }: SuiteResult, { trials }: KnownSuite, control: boolean): void {
  for (const failure of failures.slice(0, SHOWN)) if (!foundSoFar.has(failure)) process.stderr.write(`  ${failure}\n`);
  if (failures.length > SHOWN) process.stderr.write(`  … and ${failures.length - SHOWN} more\n`);
  if (control)
    process.stderr.write(
      failures.length > 0 ? 'The control fails, as it must.\n' : 'The control does not fail: the suite proves nothing.\n',
    );
  else if (failures.length > 0) process.stderr.write(`Again: npm run soak -- ${suite} --seed ${seed} --size ${size}\n`);
  else process.stderr.write(`No failure in ${size.toLocaleString('en-US')} ${trials}: ${bound(size)}.\n`);
}

/** The rule of three. */
function bound(size: number): string {
  return `below ${((3 / size) * 100).toPrecision(1)} % at 95 %`;
}

await startedOrEnd(async () => {
  process.exitCode = await main();
});
