import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runningPostmaster, stopPostmaster } from './postmaster.js';
import { systemFolder } from './system-folder.js';
import type { RunAs } from './unprivileged-user.js';

/** A file in the folder of the system that names the link which points to it. */
const BELONGS_TO = 'belongs-to';

/** Gives `dataDir` a folder of the system, with what `dataDir` held if it was there before, and leaves a link to it. */
export async function moveToSystemFolder(dataDir: string, user: RunAs): Promise<string> {
  const within = systemFolder(user);
  await tidyDeleted(within, dataDir);
  const folder = join(within, `${prefixOf(dataDir)}${randomBytes(4).toString('hex')}`);
  if (existsSync(dataDir)) move(dataDir, folder);
  else mkdirSync(folder, { mode: 0o711 });
  writeFileSync(join(folder, BELONGS_TO), dataDir);
  symlinkSync(folder, dataDir);
  return folder;
}

/** Where the link `dataDir` leads; refuses a link that another project's data hangs on. */
export function followLink(dataDir: string, target: string): string {
  if (!existsSync(dataDir)) {
    throw new Error(
      `The data of ${dataDir} was in ${target}, and is no longer there. Put it back, or remove the link ${dataDir} to start empty.`,
    );
  }
  const record = join(target, BELONGS_TO);
  if (!existsSync(record)) return realpathSync(dataDir);
  const owner = readFileSync(record, 'utf8');
  if (owner !== dataDir) {
    if (leadsTo(owner, target))
      throw new Error(`${dataDir} is a copy: its data in ${target} belongs to ${owner}. Remove the link ${dataDir} to start empty.`);
    writeFileSync(record, dataDir);
  }
  return realpathSync(dataDir);
}

/**
 * Whoever deletes the link has deleted the data, but a link can also be missing because its disk is not mounted. So the last
 * data of this link is kept, and only what is older goes; a server that still runs on any of it ends.
 */
async function tidyDeleted(within: string, dataDir: string): Promise<void> {
  const deleted = readdirSync(within)
    .filter((name) => name.startsWith(prefixOf(dataDir)))
    .map((name) => join(within, name))
    .filter((folder) => readOrEmpty(join(folder, BELONGS_TO)) === dataDir)
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const [index, folder] of deleted.entries()) {
    const running = runningPostmaster(join(folder, 'data'));
    if (running) await stopPostmaster(join(folder, 'data'), running.pid);
    if (index > 0) rmSync(folder, { recursive: true, force: true });
  }
}

/** A rename where both are on one disk; else a copy that keeps owners and modes, which Node's own copy does not. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const copied = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
    if (copied.status !== 0) throw new Error(`${from} could not be copied to ${to}: ${copied.stderr}`);
    rmSync(from, { recursive: true });
  }
}

function prefixOf(dataDir: string): string {
  return `data-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}-`;
}

function leadsTo(link: string, target: string): boolean {
  return Boolean(lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) && readlinkSync(link) === target;
}

function readOrEmpty(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
