import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunAs } from './unprivileged-user.js';

/** The system refuses longer socket paths: 108 bytes on Linux, 104 on macOS, with a closing zero. */
const LONGEST_SOCKET_PATH = 103;

/** The folder of the socket `name`: `<folder>/socket`, or where that path is too long one in `/tmp` named after it. */
export function makeSocketFolder(folder: string, name: string, user: RunAs | undefined): string {
  const near = join(folder, 'socket');
  const fits = Buffer.byteLength(join(near, name)) <= LONGEST_SOCKET_PATH;
  const chosen = fits ? near : join('/tmp', `perennial-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`);
  try {
    mkdirSync(chosen, { mode: 0o700 });
    if (user) chownSync(chosen, user.uid, user.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    assertPrivate(chosen, user?.uid ?? process.getuid?.());
  }
  return chosen;
}

/** In /tmp anybody may have made it first, and could then put a server of their own in our place. */
function assertPrivate(folder: string, uid: number | undefined): void {
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new Error(`${folder} should be the folder of PostgreSQL's socket, private to user ${uid}, but somebody else made it. Remove it.`);
}
