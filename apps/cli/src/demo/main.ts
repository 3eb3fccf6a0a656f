import { startLocal } from '../../../local/src/start-local.js';
import { startedOrEnd } from '../../../start.js';
import { readArguments, wholeNumber } from '../../../usage.js';
import { runningPlatform } from '../running-platform.js';
import { ApiClient } from './api-client.js';
import { companiesIn } from './companies.js';
import { expectedMinutes, runDemo } from './run-demo.js';

const USAGE = `npm run demo [-- --again] [--customers N] [--months N] [--seed N]

A company with its history, made by real calls on a test clock, in the platform that npm start runs or in one started for it.

  --again        another company beside those that are there
  --customers N  how many customers sign up; default 200
  --months N     how long the company has been there; default 18
  --seed N       which company: the same number makes the same; default the number of the company
`;

/** `npm run demo`: in the platform that `npm start` runs now, or in one started for it. */
await startedOrEnd(async () => {
  const { values } = readArguments(process.argv.slice(2), {
    again: { type: 'boolean', default: false },
    customers: { type: 'string', default: '200' },
    months: { type: 'string', default: '18' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const customers = wholeNumber('--customers', values.customers, { from: 1, to: 100_000 });
  const months = wholeNumber('--months', values.months, { from: 1, to: 240 });
  const seed = values.seed === undefined ? null : wholeNumber('--seed', values.seed, { from: 0, to: 2 ** 31 });
  const running = await runningPlatform(process.env);
  const own = running ? null : await startLocal(process.env);
  const target = running ?? own!;
  try {
    const there = await companiesIn(new ApiClient(target.baseUrl, target.apiKey));
    if (there.length > 0 && !values.again) {
      process.stdout.write(`${there.length === 1 ? 'A company is' : `${there.length} companies are`} there already:\n`);
      for (const { number, example } of there) process.stdout.write(`  ${number}: customer1@${example} and the others @${example}\n`);
      process.stdout.write('Nothing was made. npm run demo -- --again makes another one beside.\n');
    } else {
      const number = there.length + 1;
      process.stdout.write(
        `${customers} customers and ${months} months at ${target.baseUrl}; this takes ${expectedMinutes(customers, months)}.\n`,
      );
      const made = await runDemo(target, { customers, months, number, seed: seed ?? number });
      process.stdout.write(`\n${made}\n${running ? '' : '\nnpm start shows it.\n'}`);
    }
  } finally {
    await own?.stop();
  }
  process.exit(0);
});
