import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { takeLauncherLock } from './launcher-lock.js';
import { freePort } from './ports.js';
import { sendSignal, startStamp, waitWhile } from './processes.js';
import { findRedisProgram, type RedisProgram } from './redis-program.js';

export interface RedisOptions {
  /** Folder of its own: its log, and its data if it keeps any. Made if it is not there. */
  readonly dir: string;
  /** Where Debian's packages are unpacked to if no Redis is installed. Default `.cache` in the working directory. */
  readonly cacheDir?: string;
  /** True: every second to disk, so that a restart keeps the jobs. Default false. */
  readonly persistent?: boolean;
  /** Default `process.env`; REDIS_URL and PATH are read from it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface AvailableRedis {
  /** `redis://…`, with the password if we started it. */
  readonly url: string;
  /** Of the server that we started, or null for one that was given. */
  readonly pid: number | null;
  /** Ends the server if we started it, and leaves a given one alone. */
  stop(): Promise<void>;
}

/**
 * The Redis of REDIS_URL if there is one; otherwise starts one: `redis-server` or `valkey-server` of this machine, or Debian's
 * package, unpacked without installing it. It listens on a free port of 127.0.0.1 and asks for a password, for every user of
 * the machine can reach that port. One left over from a launcher that was killed is replaced.
 *
 * Throws RedisMissing, which says how to get one, and AlreadyRunning while another live process has started one on `dir`.
 */
export async function findOrStartRedis(options: RedisOptions): Promise<AvailableRedis> {
  const env = options.env ?? process.env;
  if (env.REDIS_URL) return { url: env.REDIS_URL, pid: null, stop: async () => {} };

  const program = await findRedisProgram(resolve(options.cacheDir ?? '.cache'), env.PATH ?? '');
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = takeLauncherLock(`${dir}.lock`, dir);
  try {
    await stopLeftOverRedis(dir);
    const { pid, url } = await started(program, dir, options.persistent === true);
    const onExit = () => {
      signal(dir, 'SIGTERM');
      lock.release();
    };
    process.once('exit', onExit);
    return {
      url,
      pid,
      stop: async () => {
        await stopLeftOverRedis(dir);
        process.off('exit', onExit);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function started(program: RedisProgram, dir: string, persistent: boolean): Promise<{ pid: number; url: string }> {
  const logFile = join(dir, 'redis.log');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const password = randomBytes(24).toString('hex');
    const log = openSync(logFile, 'w', 0o600);
    const child = spawn(program.path, ['-'], {
      cwd: dir,
      // As for PostgreSQL: Ctrl-C in a terminal must not end it before our last job has.
      detached: true,
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...(program.libraries && { LD_LIBRARY_PATH: program.libraries }) },
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const pid = child.pid as number;
    writeFileSync(recordOf(dir), JSON.stringify({ pid, stamp: startStamp(pid) }), { mode: 0o600 });
    // By standard input, for everybody can read the arguments of a process.
    child.stdin?.end(configuration(port, password, dir, persistent));
    if (await answers(port, password, pid)) return { pid, url: `redis://:${password}@127.0.0.1:${port}` };
    await stopLeftOverRedis(dir);
    const said = readFileSync(logFile, 'utf8');
    // Somebody can take the free port before Redis does.
    if (attempt === 3 || !said.includes('Address already in use'))
      throw new Error(`Redis (${program.path}) did not start. It said:\n${said}`);
  }
}

function configuration(port: number, password: string, dir: string, persistent: boolean): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    `appendonly ${persistent ? 'yes' : 'no'}`,
    'save ""',
    // A queue must never lose a job to make room for another; Bull refuses every other policy.
    'maxmemory-policy noeviction',
  ];
  return `${lines.join('\n')}\n`;
}

/** Waits until Redis has loaded what it kept and answers a PING; false if it ends before. */
async function answers(port: number, password: string, pid: number): Promise<boolean> {
  while (startStamp(pid) !== null) {
    if (await ping(port, password)) return true;
    await pause(15);
  }
  return false;
}

function ping(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 });
    let said = '';
    socket.on('connect', () => socket.end(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve(said.includes('+PONG')));
  });
}

/** Ends the server that the record in `dir` names, if that very process still runs. */
export async function stopLeftOverRedis(dir: string): Promise<void> {
  const lives = () => recordedPid(dir) !== null;
  for (const [name, patienceMs] of [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(dir, name);
    if (await waitWhile(lives, patienceMs)) return rmSync(recordOf(dir), { force: true });
  }
  throw new Error(`Redis (process ${recordedPid(dir)}, folder ${dir}) does not stop.`);
}

function signal(dir: string, name: NodeJS.Signals): void {
  const pid = recordedPid(dir);
  if (pid !== null) sendSignal(pid, name);
}

function recordedPid(dir: string): number | null {
  try {
    const { pid, stamp } = JSON.parse(readFileSync(recordOf(dir), 'utf8'));
    return typeof pid === 'number' && stamp && startStamp(pid) === stamp ? pid : null;
  } catch {
    return null;
  }
}

function recordOf(dir: string): string {
  return join(dir, 'server.json');
}
