import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal } from '../../../local/src/start-local.js';
import { startedOrEnd } from '../../../start.js';
import { runDemo } from './run-demo.js';

interface Running {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** `npm run demo`: in the platform that `npm start` runs now, or in one started for it. */
await startedOrEnd(async () => {
  const { values } = parseArgs({
    options: {
      customers: { type: 'string', default: '200' },
      months: { type: 'string', default: '18' },
      seed: { type: 'string', default: '1' },
    },
  });
  const running = await alreadyRunning();
  const own = running ? null : await startLocal(process.env);
  const target = running ?? own!;
  process.stdout.write(`A company comes into being at ${target.baseUrl} …\n`);
  try {
    const made = await runDemo(target, { customers: Number(values.customers), months: Number(values.months), seed: Number(values.seed) });
    process.stdout.write(`\n${made}\n\n${running ? `It is at ${target.baseUrl} now.` : 'npm start shows it.'}\n`);
  } finally {
    await own?.stop();
  }
  process.exit(0);
});

async function alreadyRunning(): Promise<Running | null> {
  const file = join(resolve(process.env.PERENNIAL_HOME || '.perennial'), 'dev.json');
  if (!existsSync(file)) return null;
  const known = JSON.parse(readFileSync(file, 'utf8')) as Running;
  const alive = await fetch(`${known.baseUrl}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
  return alive ? known : null;
}
