import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A text that tells this run of process `pid` from any later process with the same number, or null if no such process runs.
 * Process numbers are reused, at the latest after a reboot, so a number alone in a lock file proves nothing.
 */
export function startStamp(pid: number): string | null {
  if (process.platform !== 'linux') return psColumn('lstart', pid);
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command name stands in parentheses and may itself contain spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAtTick] = [fields[0], fields[19]];
  // A zombie has ended; only its parent has not looked yet, which in a container may never happen.
  if (state === 'Z' || state === 'X') return null;
  return `${readOrNull('/proc/sys/kernel/random/boot_id')?.trim()}/${startedAtTick}`;
}

/** The words of the command that process `pid` was started with, joined by spaces; null if it does not run. */
export function commandLine(pid: number): string | null {
  if (process.platform !== 'linux') return psColumn('command', pid);
  const words = readOrNull(`/proc/${pid}/cmdline`);
  return words ? words.replaceAll('\0', ' ').trimEnd() : null;
}

/** Signals a process that may end in the same moment. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until `stillTrue` is false; false if it is still true after `timeoutMs`. */
export async function waitWhile(stillTrue: () => boolean, timeoutMs: number, everyMs = 10): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (stillTrue()) {
    if (performance.now() > end) return false;
    await pause(everyMs);
  }
  return true;
}

function psColumn(column: string, pid: number): string | null {
  const { stdout, status } = spawnSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
