import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { startStamp } from './processes.js';

export class AlreadyRunning extends Error {
  constructor(
    readonly pid: number,
    folder: string,
  ) {
    super(`Process ${pid} already uses ${folder}. Stop it first, or choose another folder with PERENNIAL_HOME.`);
    this.name = 'AlreadyRunning';
  }
}

export interface LauncherLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly stamp: string | null;
}

/**
 * Makes this process the only launcher of what lies in `folder`; a lock whose process has ended, even by kill -9 or a power
 * cut, is taken over. Throws AlreadyRunning if its process lives.
 */
export function takeLauncherLock(path: string, folder: string): LauncherLock {
  const mine = `${path}.${process.pid}`;
  const holder: Holder = { pid: process.pid, stamp: startStamp(process.pid) };
  writeFileSync(mine, JSON.stringify(holder), { mode: 0o644 });
  try {
    for (;;) {
      if (linked(mine, path)) return { release: () => releaseIfOurs(path, holder) };
      const other = readHolder(path);
      if (other === 'gone') continue;
      if (isAlive(other)) throw new AlreadyRunning(other.pid, folder);
      setAside(path);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link appears with its whole content or not at all, and never replaces another's. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Two launchers may find the same stale lock; the slower one must not remove the lock that the faster one has just taken. */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const removed = readHolder(aside);
  if (removed !== 'gone' && isAlive(removed)) linked(aside, path);
  rmSync(aside, { force: true });
}

function releaseIfOurs(path: string, ours: Holder): void {
  const holder = readHolder(path);
  if (holder !== 'gone' && holder.pid === ours.pid && holder.stamp === ours.stamp) rmSync(path, { force: true });
}

function isAlive(holder: Holder): boolean {
  return holder.stamp !== null && startStamp(holder.pid) === holder.stamp;
}

function readHolder(path: string): Holder | 'gone' {
  try {
    const { pid, stamp } = JSON.parse(readFileSync(path, 'utf8'));
    return { pid: Number(pid), stamp: typeof stamp === 'string' ? stamp : null };
  } catch (error) {
    // A power cut can leave an empty file behind: nobody holds it.
    if (error instanceof SyntaxError) return { pid: 0, stamp: null };
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
}
