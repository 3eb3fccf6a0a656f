import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { startedOrEnd } from '../../apps/start.js';
import { knownWord, readArguments, wholeNumber } from '../../apps/usage.js';
import { type Printed, withTable } from './measured-table.js';

/** Every bench, by the name of its file, with the function that runs it. */
const BENCHES: Readonly<Record<string, string>> = {
  'billing-run': 'billingRun',
  scale: 'scale',
  'event-append': 'eventAppend',
  subscribe: 'subscribe',
  'usage-ingest': 'usageIngest',
  replay: 'replay',
  'test-clock': 'testClock',
};

const DOCUMENT = 'docs/performance.md';
const USAGE = `npm run bench [-- <name> [--size <n>] [--rounds <n>] [--full]]`;

/** Runs benches one after the other, each in a process of its own; all of them also write the table of the document. */
async function main(): Promise<number> {
  const options = {
    size: { type: 'string' },
    rounds: { type: 'string' },
    full: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = readArguments(process.argv.slice(2), options, { words: true });
  const known = Object.keys(BENCHES);
  if (values.help) {
    process.stdout.write(`${USAGE}\n\nThere are: ${known.join(', ')}.\n`);
    return 0;
  }
  for (const name of positionals) knownWord('bench', name, known);
  for (const name of ['size', 'rounds'] as const)
    if (values[name] !== undefined) wholeNumber(`--${name}`, values[name], { from: 1, to: 999_999_999 });
  const env = { ...process.env };
  if (values.size) env.BENCH_SIZE = values.size;
  if (values.rounds) env.BENCH_ROUNDS = values.rounds;
  if (values.full) env.BENCH_FULL = '1';
  const wanted = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const results = new Map<string, Printed | null>();
  for (const name of wanted) results.set(name, await run(name, env));
  if (positionals.length === 0) writeFileSync(DOCUMENT, withTable(existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : null, results));
  const broken = [...results].filter(([, result]) => result === null);
  if (broken.length > 0) process.stderr.write(`Not measured: ${broken.map(([name]) => name).join(', ')}.\n`);
  return broken.length > 0 ? 1 : 0;
}

/** The bench's last line, or null when it broke off. */
async function run(name: string, env: NodeJS.ProcessEnv): Promise<Printed | null> {
  process.stderr.write(`${name} …\n`);
  const child = fork(new URL('./bench-process.js', import.meta.url), [name, BENCHES[name]!], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  const [code] = await once(child, 'close');
  return code === 0 ? (JSON.parse(output.trimEnd().split('\n').at(-1)!) as Printed) : null;
}

await startedOrEnd(async () => {
  process.exitCode = await main();
});
