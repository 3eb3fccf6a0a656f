import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Binaries } from './binaries.js';
import type { RunAs } from './unprivileged-user.js';

const UNFINISHED = 'data.unfinished-';

/**
 * Makes the data folder `<folder>/data` if there is none yet, and returns its path. It is made under another name and renamed
 * when whole, so a start that is cut off in the middle leaves nothing that a later one could take for a database.
 */
export async function ensureCluster(folder: string, binaries: Binaries, user: RunAs | undefined, durable: boolean): Promise<string> {
  const data = join(folder, 'data');
  for (const name of readdirSync(folder)) {
    // The initdb of a killed launcher may still write there for a moment.
    if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
  if (existsSync(data)) {
    assertVersionFits(data, binaries.major);
    return data;
  }
  const unfinished = join(folder, `${UNFINISHED}${process.pid}`);
  mkdirSync(unfinished, { mode: 0o700 });
  if (user) chownSync(unfinished, user.uid, user.gid);
  await initdb(unfinished, binaries, user, durable);
  renameSync(unfinished, data);
  return data;
}

function assertVersionFits(data: string, major: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(
    `${data} was made by PostgreSQL ${found}, and this is PostgreSQL ${major}. ` +
      'Go back to the release that made it and take its data out with pg_dump, or start empty with another PERENNIAL_HOME.',
  );
}

async function initdb(data: string, binaries: Binaries, user: RunAs | undefined, durable: boolean): Promise<void> {
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--data-checksums'];
  // Text sorts by code point, the same on every machine, and still knows upper and lower case beyond ASCII.
  args.push('--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  if (!durable) args.push('--no-sync');
  const child = spawn(binaries.initdb, args, {
    ...user,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`PostgreSQL could not make its data folder ${data}: ${said.trim()}`);
}
