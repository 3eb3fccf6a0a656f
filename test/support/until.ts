import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * How long a specification waits for what has to come: so long that only what never comes is late, however busy the machine is.
 * Jest's own limit for a test stands beside it, in patience.json.
 */
export const PATIENCE_MS: number = JSON.parse(readFileSync(new URL('./patience.json', import.meta.url), 'utf8')).waitMs;

/** Looks until it is so. Throws where it never becomes so. */
export async function until(isSo: () => boolean | Promise<boolean>, lookEveryMs = 20): Promise<void> {
  for (const endMs = performance.now() + PATIENCE_MS; !(await isSo()); await pause(lookEveryMs)) {
    if (performance.now() > endMs) throw new Error(`It did not become so: ${isSo}`);
  }
}
