import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, sendSignal, waitWhile } from './processes.js';

/** Beyond the largest process number of Linux and macOS, so no process ever has it. */
const NO_PROCESS = 2_147_483_646;

export interface Postmaster {
  readonly pid: number;
  readonly command: string;
}

/**
 * The server that runs on the data folder `data`, or null. Its process number is believed only if that process was started as
 * `postgres -D <data>`: the file can be left over from before a kill -9 or a reboot, and the number can be another program's by now.
 */
export function runningPostmaster(data: string): Postmaster | null {
  const pid = Number(lockLines(data)?.[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const command = commandLine(pid);
  return command && isPostmasterOf(data, command) ? { pid, command } : null;
}

export function isReady(data: string, pid: number): boolean {
  const lines = lockLines(data);
  return Number(lines?.[0]) === pid && lines?.[7]?.trim() === 'ready';
}

/**
 * Makes a left-over lock harmless. PostgreSQL refuses to start while any process of the same user has the number in the file,
 * which after a reboot can be anything. Only the number is taken out: the rest of the file lets PostgreSQL itself find children
 * of the dead server that still write, which deleting it would hide.
 */
export function disarmStaleLock(data: string, socketFolder: string): void {
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(join(socketFolder, name), { force: true });
  const lines = lockLines(data);
  if (!lines) return;
  const path = join(data, 'postmaster.pid');
  if (lines.length < 7) rmSync(path, { force: true });
  else writeFileSync(path, [String(NO_PROCESS), ...lines.slice(1)].join('\n'));
}

/**
 * Ends the server: running transactions are rolled back and everything is written (SIGINT), or if that takes over `patienceMs`
 * it stops at once and repairs itself on its next start (SIGQUIT). Each signal goes only to a process that is still this server.
 */
export async function stopPostmaster(data: string, pid: number, patienceMs = 30_000): Promise<void> {
  const lives = () => runs(data, pid);
  for (const [signal, timeoutMs] of [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 10_000],
  ] as const) {
    if (lives()) sendSignal(pid, signal);
    if (await waitWhile(lives, timeoutMs)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}, data in ${data}) does not stop.`);
}

/** The same without waiting, for a process that is about to end itself. */
export function tellPostmasterToStop(data: string, pid: number): void {
  if (runs(data, pid)) sendSignal(pid, 'SIGINT');
}

function runs(data: string, pid: number): boolean {
  const command = commandLine(pid);
  return command !== null && isPostmasterOf(data, command);
}

function isPostmasterOf(data: string, command: string): boolean {
  return /(^|\/)postgres /.test(command) && command.includes(` -D ${data} `);
}

function lockLines(data: string): string[] | null {
  const path = join(data, 'postmaster.pid');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : null;
}
