import { installFaultsFrom } from '#kernel/fault-plan.js';
import { ConfigError, loadConfig } from '#platform/config/config.js';
import { createLog } from '#platform/logging/log.js';
import { UsageError } from './usage.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Starts a process, or ends it with what stood in the way: one sentence and 2 where a setting or an argument is wrong, else the
 * error and 1. From then on an error that nobody catches ends it too: nothing is known of its state any more, and what it held
 * passes to other processes.
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
    process.exit(isMistaken(error) ? 2 : 1);
  }
}

/** The person who started the process can mend it by starting it otherwise. */
function isMistaken(error: unknown): boolean {
  return error instanceof UsageError || error instanceof ConfigError || noDatabase(error) !== null || isNamed(error, 'PortTaken');
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
  process.stderr.write(`${stackOf(error)}\n`);
}

function explained(error: unknown): string {
  if (error instanceof ConfigError || isNamed(error, 'UsageError', 'PortTaken', 'AlreadyRunning')) return (error as Error).message;
  const missing = noDatabase(error);
  if (missing !== null) return missing;
  return stackOf(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** What PostgreSQL or the network say where a URL leads to no database, by their codes. */
const NO_DATABASE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its host is not known',
  EAI_AGAIN: 'its host cannot be looked up now',
  ETIMEDOUT: 'its host does not answer',
  EHOSTUNREACH: 'its host cannot be reached',
  '28P01': 'the password is wrong',
  '28000': 'this role may not log in',
  '3D000': 'there is no database of that name',
};

function noDatabase(error: unknown): string | null {
  const { code = '', syscall } = error instanceof Error ? (error as Error & { code?: string; syscall?: string }) : {};
  const why = NO_DATABASE[code];
  return why && syscall !== 'listen' ? `The database of DATABASE_URL or --database cannot be used: ${why}.` : null;
}
