import { installFaultsFrom } from '#kernel/fault-plan.js';
import { ConfigError, loadConfig } from '#platform/config/config.js';
import { createLog } from '#platform/logging/log.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a process, or ends it with what stood in the way: one sentence where the person can mend it, else the error. From then on
 * an error that nobody catches ends it too: nothing is known of its state any more, and what it held passes to other processes.
 * `env` says where the log is.
 */
export async function startedOrEnd(start: () => Promise<void>, env: Environment = process.env): Promise<void> {
  // A rejection that nobody handles comes here as well.
  process.on('uncaughtException', (error, origin) => {
    lastWords(error, origin, env);
    process.exit(1);
  });
  try {
    installFaultsFrom(process.env);
    await start();
  } catch (error) {
    process.stderr.write(`${explained(error)}\n`);
    process.exit(1);
  }
}

/** Written before it returns. Where the log is a file or is silent, a terminal is told as well. */
function lastWords(error: unknown, origin: string, env: Environment): void {
  try {
    // Nothing but where the log is: whatever else is wrong with the environment must not keep the words back.
    const { logLevel, logFile } = loadConfig({ DATABASE_URL: 'postgres://none', LOG_LEVEL: env.LOG_LEVEL, LOG_FILE: env.LOG_FILE });
    createLog({ logLevel, logFile }).fatal({ err: error }, `The process ends: ${origin}.`);
    if (logFile === null && logLevel !== 'silent') return;
  } catch {
    // A log that cannot be written must not hide what there was to write.
  }
  process.stderr.write(`${explained(error)}\n`);
}

function explained(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && ['PortTaken', 'AlreadyRunning'].includes(error.name)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
