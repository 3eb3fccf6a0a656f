import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { discardPostgres } from '#embedded/discard.js';
import { AlreadyRunning } from '#embedded/launcher-lock.js';
import { stopLeftOverRedis } from '#embedded/redis.js';
import { SmallDisk } from './small-disk.js';

const PREFIX = 'perennial-tests-';

/** Linux keeps it in memory; a container may have made it tiny. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 1_000_000_000;

/**
 * The folder that holds everything one test run makes; its PostgreSQL in `postgres` shows that the run lives. The data of that
 * server lies in memory where there is room: making a database there took 15 ms, and 200 to 600 ms on the disk of a busy machine.
 */
export function makeRunFolder(): string {
  const folder = passableFolder(tmpdir());
  const inMemory = existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > ROOM_BYTES;
  if (inMemory) symlinkSync(passableFolder(MEMORY), join(folder, 'postgres'));
  return folder;
}

/** Passable for the user that PostgreSQL runs as when root runs the tests. */
function passableFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, PREFIX));
  chmodSync(folder, 0o711);
  return folder;
}

/** For one spec: goes with the run at the latest, even if the run is killed. The spec removes it when it is done. */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(process.env.PERENNIAL_TEST_FOLDER ?? tmpdir(), `${name}-`));
}

/** Stops every server that was started on data in the folder and removes it. Throws AlreadyRunning if the run lives. */
export async function removeRunFolder(folder: string): Promise<void> {
  await discardPostgres(join(folder, 'postgres'));
  const disks = SmallDisk.in(folder);
  // Not even a server can be stopped where nothing can be written.
  for (const disk of disks) disk.free();
  for (const path of serverFolders(folder)) {
    if (basename(path) === 'postgres') await discardPostgres(path);
    else await stopLeftOverRedis(path);
  }
  for (const disk of disks) disk.unmount();
  rmSync(folder, { recursive: true, force: true });
}

/**
 * A run that was killed leaves its servers and its folder behind; the next run of the same user clears them away. What cannot be
 * cleared is told, and keeps nobody from testing.
 */
export async function removeAbandonedRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(PREFIX) || !isOldEnough(folder)) continue;
    try {
      await removeRunFolder(folder);
    } catch (error) {
      const isOfAnotherUser = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!(error instanceof AlreadyRunning) && !isOfAnotherUser) process.emitWarning(`${folder} is left: ${(error as Error).message}`);
    }
  }
}

/** A run that has just made its folder may not have started its PostgreSQL yet. */
function isOldEnough(folder: string): boolean {
  const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > 20_000;
}

function serverFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'postgres' && !entry.isFile()) return [path];
    if (!entry.isDirectory() || entry.name === 'node_modules') return [];
    return existsSync(join(path, 'server.json')) ? [path] : serverFolders(path);
  });
}
