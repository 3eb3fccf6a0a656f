import { spawn } from 'node:child_process';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { disarmStaleLock, isReady, runningPostmaster, stopPostmaster } from './postmaster.js';
import { commandLine, waitWhile } from './processes.js';
import type { RunAs } from './unprivileged-user.js';

/** Repairing a large database after a power cut takes minutes; a start that fails ends by itself long before. */
const PATIENCE_MS = 600_000;

export interface Launch {
  readonly program: string;
  /** Begins with `-D <data>`. */
  readonly args: readonly string[];
  readonly data: string;
  readonly socketDir: string;
  readonly user: RunAs | undefined;
  readonly logFile: string;
}

/**
 * The process number of a server that is ready. One that outlived its launcher (kill -9) goes on serving if it runs with the very
 * settings wanted now; otherwise it is stopped, and a new one started.
 */
export async function adoptOrLaunch(launch: Launch): Promise<number> {
  const running = runningPostmaster(launch.data);
  if (running) {
    const asWanted = running.command === [launch.program, ...launch.args].join(' ').trimEnd();
    if (asWanted && (await becomesReady(launch.data, running.pid))) return running.pid;
    await stopPostmaster(launch.data, running.pid);
  }
  for (let attempt = 1; ; attempt++) {
    const { pid, said } = await started(launch);
    if (pid) return pid;
    // Children of a killed server write for a moment longer, and PostgreSQL sees them by the memory they share.
    if (attempt === 50 || !said.includes('shared memory block'))
      throw new Error(`PostgreSQL did not start on ${launch.data}. It said:\n${said}`);
    await pause(200);
  }
}

async function started(launch: Launch): Promise<{ pid: number | null; said: string }> {
  disarmStaleLock(launch.data, launch.socketDir);
  const log = openLog(launch.logFile, launch.user);
  const child = spawn(launch.program, launch.args, {
    ...launch.user,
    cwd: '/',
    // A session of its own: Ctrl-C in a terminal reaches every process of the session, and the server must outlive our last transactions.
    detached: true,
    // Nothing of our environment, which may hold secrets or settings of another PostgreSQL.
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    // A file and no pipes: a server that outlives us must not fail when it has something to say.
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  closeSync(log.descriptor);
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const pid = child.pid as number;
  if (await becomesReady(launch.data, pid)) return { pid, said: '' };
  await stopPostmaster(launch.data, pid);
  return { pid: null, said: log.written() };
}

async function becomesReady(data: string, pid: number): Promise<boolean> {
  await waitWhile(() => !isReady(data, pid) && commandLine(pid) !== null, PATIENCE_MS);
  return isReady(data, pid) && commandLine(pid) !== null;
}

function openLog(logFile: string, user: RunAs | undefined): { descriptor: number; written(): string } {
  mkdirSync(dirname(logFile), { recursive: true });
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) renameSync(logFile, `${logFile}.1`);
  const descriptor = openSync(logFile, 'a', 0o600);
  // So that an ordinary user whose data root has served meanwhile can go on writing.
  if (user) chownSync(logFile, user.uid, user.gid);
  const before = statSync(logFile).size;
  return { descriptor, written: () => readFileSync(logFile).subarray(before).toString().trim() };
}
