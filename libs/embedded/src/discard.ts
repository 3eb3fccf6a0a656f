import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from './data-place.js';
import { takeLauncherLock } from './launcher-lock.js';
import { runningPostmaster, stopPostmaster } from './postmaster.js';

/**
 * Deletes the folder of an embedded PostgreSQL with all its data, and stops the server first if its launcher left it running.
 * Throws AlreadyRunning, and deletes nothing, while a live process uses it.
 */
export async function discardPostgres(dataDir: string): Promise<void> {
  const named = canonical(dataDir);
  const lock = takeLauncherLock(`${named}.lock`, dataDir);
  try {
    if (existsSync(named)) {
      const folder = realpathSync(named);
      const data = join(folder, 'data');
      const running = runningPostmaster(data);
      if (running) await stopPostmaster(data, running.pid, 5_000);
      rmSync(folder, { recursive: true, force: true });
    }
    rmSync(named, { force: true });
  } finally {
    lock.release();
  }
}
