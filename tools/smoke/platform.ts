import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const READY_MS = 60_000;
const STOPPED_MS = 30_000;

export interface Dev {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly simulatorUrl: string | null;
}

interface Process {
  readonly pid: number;
  /** Tells a process from a later one with the same number. */
  readonly startedAt: string;
  readonly command: string;
}

/** `npm start` as a person runs it, in a folder of its own and on a free port. */
export class Platform {
  private constructor(
    readonly child: ChildProcess,
    readonly home: string,
    readonly dev: Dev,
    readonly readyAfterMs: number,
  ) {}

  static async start(root: string, home: string): Promise<Platform> {
    const devFile = join(home, 'dev.json');
    rmSync(devFile, { force: true });
    const port = await freePort();
    const output = openSync(join(home, 'output.log'), 'a');
    const begun = performance.now();
    // A group of its own, as a terminal gives it: Ctrl-C is a signal to all of it.
    const child = spawn('npm', ['start', '--silent'], {
      cwd: root,
      detached: true,
      env: { ...process.env, PORT: String(port), PERENNIAL_HOME: home },
      stdio: ['ignore', output, output],
    });
    while (performance.now() - begun < READY_MS) {
      if (child.exitCode !== null) break;
      const dev = existsSync(devFile) ? (JSON.parse(readFileSync(devFile, 'utf8')) as Dev) : null;
      if (dev && (await isReady(dev.baseUrl))) return new Platform(child, home, dev, performance.now() - begun);
      await pause(100);
    }
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT');
    throw new Error(`npm start was not ready after ${READY_MS / 1000} s. It said:\n${readFileSync(join(home, 'output.log'), 'utf8')}`);
  }

  /** Stops it with Ctrl-C and answers what it left behind: processes and locks. */
  async interrupt(): Promise<string[]> {
    const running = familyOf(this.child.pid!);
    if (running.length < 2) throw new Error('The processes of the platform cannot be seen, so nothing could be said about them.');
    const ended = once(this.child, 'exit');
    process.kill(-this.child.pid!, 'SIGINT');
    await Promise.race([ended, pause(STOPPED_MS, undefined, { ref: false })]);
    await waitUntil(() => running.every((each) => !isAlive(each)), STOPPED_MS);
    const left = running.filter(isAlive).map(({ pid, command }) => `process ${pid}: ${command}`);
    const locks = globSync('**/{*.lock,postmaster.pid,*.pid}', { cwd: this.home }).map((path) => `lock: ${path}`);
    return [...left, ...locks];
  }
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${baseUrl}/health/ready`)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function waitUntil(holds: () => boolean, patienceMs: number): Promise<void> {
  const begun = performance.now();
  while (!holds() && performance.now() - begun < patienceMs) await pause(50);
}

/** The process and everything that descends from it, the database server too. */
function familyOf(pid: number): Process[] {
  const family = new Set([pid]);
  const all = processes();
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const each of all) if (family.has(each.parent)) family.add(each.pid);
  }
  return all.filter((each) => family.has(each.pid));
}

function isAlive({ pid, startedAt }: Process): boolean {
  return processes().some((each) => each.pid === pid && each.startedAt === startedAt && each.state !== 'Z');
}

function processes(): (Process & { parent: number; state: string })[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    try {
      const text = readFileSync(file, 'utf8');
      // The name stands in parentheses and may hold spaces.
      const [state, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(file.replace(/stat$/, 'cmdline'), 'utf8').replaceAll('\0', ' ').trim();
      return [{ pid: Number.parseInt(text, 10), parent: Number(parent), state: state!, startedAt: rest[17]!, command }];
    } catch {
      return [];
    }
  });
}
