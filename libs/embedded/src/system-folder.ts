import { lstatSync, mkdirSync } from 'node:fs';
import { canEnter, type RunAs } from './unprivileged-user.js';

/**
 * A folder of the system in which root may keep what `user` must reach: `/var/lib/perennial`, or `/var/tmp/perennial` where
 * the first cannot be written. Only one that belongs to root alone is taken: in `/var/tmp` anybody can make one first.
 */
export function systemFolder(user: RunAs): string {
  for (const folder of ['/var/lib/perennial', '/var/tmp/perennial']) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    } catch {
      continue;
    }
    const found = lstatSync(folder);
    const ofRootAlone = found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0;
    if (ofRootAlone && canEnter(folder, user)) return folder;
  }
  throw new Error(
    'PostgreSQL does not run as root, and neither /var/lib/perennial nor /var/tmp/perennial can hold its files for another user. ' +
      'Start as an ordinary user, or give a PostgreSQL with DATABASE_URL.',
  );
}
