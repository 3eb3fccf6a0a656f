import { startedOrEnd } from '../../start.js';
import { apiKeyCommand } from './api-key.command.js';
import { type CliCommand, UsageError } from './cli-command.js';
import { migrateCommand } from './migrate.command.js';
import { rebuildCommand } from './rebuild.command.js';
import { traceCommand } from './trace.command.js';
import { verifyCommand } from './verify/verify.command.js';

const commands: readonly CliCommand[] = [verifyCommand, migrateCommand, rebuildCommand, traceCommand, apiKeyCommand];

/** `npm run cli -- verify`: what an operator does besides serving. */
await startedOrEnd(async () => {
  const [name, ...args] = process.argv.slice(2);
  const command = commands.find((known) => known.name === name);
  if (!command) {
    process.stdout.write(overview());
    process.exit(name === undefined || name === '--help' ? 0 : 2);
  }
  if (args.includes('--help')) {
    process.stdout.write(`${command.description}\n\n${command.usage}\n`);
    process.exit(0);
  }
  process.exit(await runOrExplain(command, args));
});

async function runOrExplain(command: CliCommand, args: readonly string[]): Promise<number> {
  try {
    return await command.run(args);
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    process.stderr.write(`${(error as Error).message}\n\n${command.usage}\n`);
    return 2;
  }
}

function overview(): string {
  const lines = commands.map(({ name, description }) => `  ${name.padEnd(10)} ${description}`);
  return `npm run cli -- COMMAND [options]\n\n${lines.join('\n')}\n\nCOMMAND --help shows its options.\n`;
}
