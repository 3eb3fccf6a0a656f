import { startedOrEnd } from '../../../start.js';
import { readArguments, UsageError } from '../../../usage.js';
import { runningPlatform } from '../running-platform.js';
import { makeFirstInvoice } from './make-first-invoice.js';

const USAGE = `npm run first-invoice

Makes a plan, a customer with a test card and a subscription in the platform that npm start runs, by the four calls of its
first page, and shows each with its answer: the last one is a paid invoice. It can be run again; the plan is made once.
`;

await startedOrEnd(async () => {
  const { values } = readArguments(process.argv.slice(2), { help: { type: 'boolean', short: 'h' } });
  if (values.help) return void process.stdout.write(USAGE);
  const running = await runningPlatform(process.env);
  if (!running) throw new UsageError('Nothing runs here: npm start starts the platform, and this needs it in a second terminal.');
  process.exitCode = (await makeFirstInvoice(running, (text) => process.stdout.write(text))) ? 0 : 1;
});
