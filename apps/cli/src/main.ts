import { startedOrEnd } from '../../start.js';
import { knownWord } from '../../usage.js';
import { apiKeyCommand } from './api-key.command.js';
import type { CliCommand } from './cli-command.js';
import { eraseCommand } from './erase.command.js';
import { migrateCommand } from './migrate.command.js';
import { rebuildCommand } from './rebuild.command.js';
import { rotateMasterKeyCommand } from './rotate-master-key.command.js';
import { traceCommand } from './trace.command.js';
import { verifyCommand } from './verify/verify.command.js';

const commands: readonly CliCommand[] = [
  verifyCommand,
  migrateCommand,
  rebuildCommand,
  traceCommand,
  apiKeyCommand,
  eraseCommand,
  rotateMasterKeyCommand,
];
const names = commands.map(({ name }) => name);

/** `npm run cli -- verify`: what an operator does besides serving. */
await startedOrEnd(async () => {
  const [given = 'help', ...args] = process.argv.slice(2);
  const asksForAll = ['help', '--help', '-h'].includes(given);
  // `help verify` is asked by those who know it from other command lines.
  const wanted = asksForAll ? args[0] : given;
  if (wanted === undefined) return end(overview());
  const name = knownWord('command', wanted, names);
  const command = commands.find((known) => known.name === name)!;
  if (asksForAll || args.includes('--help') || args.includes('-h')) return end(`${command.description}\n\n${command.usage}\n`);
  process.exit(await command.run(args));
});

function end(text: string): never {
  process.stdout.write(text);
  process.exit(0);
}

function overview(): string {
  const lines = commands.map(({ name, description }) => `  ${name.padEnd(17)} ${description}`);
  return `npm run cli -- COMMAND [options]\n\n${lines.join('\n')}\n\nCOMMAND --help shows its options.\n`;
}
