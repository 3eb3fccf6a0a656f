import { installFaultsFrom } from '#kernel/fault-plan.js';
import { ConfigError } from '#platform/config/config.js';

/** Starts a process, or ends it with what stood in the way: one sentence where the person can mend it, else the error. */
export async function startedOrEnd(start: () => Promise<void>): Promise<void> {
  try {
    installFaultsFrom(process.env);
    await start();
  } catch (error) {
    process.stderr.write(`${explained(error)}\n`);
    process.exit(1);
  }
}

function explained(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && ['PortTaken', 'AlreadyRunning'].includes(error.name)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
