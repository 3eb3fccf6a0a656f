import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { EmbeddedProject } from '../../../test/support/embedded-project.js';
import { PATIENCE_MS } from '../../../test/support/until.js';
import { startStamp, waitWhile } from './processes.js';
import { isRoot, nobody } from './unprivileged-user.js';

/** Root runs every requirement twice, as itself and as an ordinary user; an ordinary user can run it only as that. */
const people = [
  { who: isRoot() ? 'root' : 'an ordinary user', owner: undefined },
  ...(isRoot() ? [{ who: 'an ordinary user', owner: nobody() }] : []),
];

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function lives(pid: number): boolean {
  return startStamp(pid) !== null;
}

/** Everything in the folder around `dataDir` and in it that says "in use". */
function locks(dataDir: string): string[] {
  const around = readdirSync(dirname(dataDir)).filter((name) => name.includes('.lock'));
  const inside = existsSync(dataDir) ? readdirSync(dataDir, { recursive: true }).map(String) : [];
  return [...around, ...inside.filter((name) => name.includes('.lock') || name.includes('.s.PGSQL') || name.endsWith('postmaster.pid'))];
}

describe.each(people)('the PostgreSQL of $who, in a project that only its owner may enter', ({ owner }) => {
  let project: EmbeddedProject;
  let dataDir: string;
  const strangers: ChildProcess[] = [];

  let deepDataDir: string;
  let firstStarts: PromiseSettledResult<string>[];

  // The very first start in a project, of two at once: both may have to restore links and copy the programs.
  beforeAll(async () => {
    project = EmbeddedProject.make(owner);
    dataDir = join(project.folder, 'home', 'postgres');
    deepDataDir = join(project.folder, 'a'.repeat(60), 'b'.repeat(60), 'postgres');
    const both = [project.launch({ dataDir }), project.launch({ dataDir: deepDataDir, fsync: false })];
    firstStarts = await Promise.allSettled(both.map(async ({ started }) => (await started).url));
    for (const start of firstStarts)
      if (start.status === 'fulfilled') await query(start.value, 'CREATE TABLE kept (at timestamptz DEFAULT now())');
    await project.endAll();
  });

  afterEach(() => project.endAll());

  afterAll(async () => {
    for (const stranger of strangers) stranger.kill('SIGKILL');
    await project.remove();
  });

  async function addedRows(url: string): Promise<unknown> {
    await query(url, 'INSERT INTO kept DEFAULT VALUES');
    const [{ count }] = (await query(url, 'SELECT count(*)::int FROM kept')) as [{ count: number }];
    return count;
  }

  it('keeps its data, and leaves no process and no lock behind after Ctrl-C', async () => {
    const first = project.launch({ dataDir });
    const { url, pid } = await first.started;
    const before = (await addedRows(url)) as number;
    await first.end('SIGINT');
    expect(lives(pid)).toBe(false);
    expect(locks(dataDir)).toEqual([]);

    const second = project.launch({ dataDir });
    expect(await addedRows((await second.started).url)).toBe(before + 1);
    await second.end('SIGINT');
  });

  it('is durable, checks its pages, and listens on no network', async () => {
    const launcher = project.launch({ dataDir });
    const { url, socketDir } = await launcher.started;
    const wanted = {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      listen_addresses: '',
      TimeZone: 'UTC',
    };
    const rows = (await query(url, 'SELECT name, setting FROM pg_settings')) as { name: string; setting: string }[];
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toMatchObject(wanted);
    expect(statSync(socketDir).mode & 0o077).toBe(0);
    await launcher.end('SIGINT');
  });

  it('is not reached by what a terminal sends to the process that started it', async () => {
    const launcher = project.launch({ dataDir });
    const { url } = await launcher.started;
    const group = -(launcher.process.pid as number);
    process.kill(group, 'SIGSTOP');
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    process.kill(group, 'SIGCONT');
    await launcher.end('SIGINT');
  });

  it('lets nobody else start it while it runs, and says who has it', async () => {
    const first = project.launch({ dataDir });
    const { pid } = await first.started;
    const second = project.launch({ dataDir });
    await expect(second.started).rejects.toThrow(`AlreadyRunning: Process ${first.process.pid} already uses ${dataDir}`);
    expect(lives(pid)).toBe(true);
    await first.end('SIGINT');
  });

  it('is taken over from a launcher that was killed', async () => {
    const killed = project.launch({ dataDir });
    const { url, pid } = await killed.started;
    const before = (await addedRows(url)) as number;
    await killed.end('SIGKILL');
    expect(lives(pid)).toBe(true);

    const next = project.launch({ dataDir });
    const taken = await next.started;
    expect(taken.pid).toBe(pid);
    expect(await addedRows(taken.url)).toBe(before + 1);
    await next.end('SIGINT');
    expect(lives(pid)).toBe(false);
    expect(locks(dataDir)).toEqual([]);
  });

  it('is restarted instead if other settings are wanted than the left-over server has', async () => {
    const killed = project.launch({ dataDir });
    const { pid } = await killed.started;
    await killed.end('SIGKILL');

    const next = project.launch({ dataDir, settings: { work_mem: '8MB' } });
    const { url } = await next.started;
    expect(lives(pid)).toBe(false);
    expect(await query(url, 'SHOW work_mem')).toEqual([{ work_mem: '8MB' }]);
    await next.end('SIGINT');
  });

  it('ends with a launcher that exits without stopping it', async () => {
    const launcher = project.launch({ dataDir });
    const { pid } = await launcher.started;
    await launcher.end('SIGUSR2');
    expect(await waitWhile(() => lives(pid), PATIENCE_MS)).toBe(true);
  });

  it('starts after a crash although another program has the number in its lock, and leaves that program alone', async () => {
    const crashed = project.launch({ dataDir });
    const { url, pid } = await crashed.started;
    const before = (await addedRows(url)) as number;
    process.kill(pid, 'SIGKILL');
    await crashed.end('SIGKILL');

    // PostgreSQL itself refuses to start while a process of its own user has the number.
    const lock = join(realpathSync(dataDir), 'data', 'postmaster.pid');
    const { uid, gid } = statSync(lock);
    const stranger = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
    strangers.push(stranger);
    await once(stranger, 'spawn');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(String(pid), String(stranger.pid)));

    const next = project.launch({ dataDir });
    expect(await addedRows((await next.started).url)).toBe(before + 1);
    await next.end('SIGINT');
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('starts after its data folder was cut off half made', async () => {
    const other = join(project.folder, 'half', 'postgres');
    const cutOff = project.launch({ dataDir: other, fsync: false });
    const halfMade = () => existsSync(other) && readdirSync(other).some((name) => name.startsWith('data.unfinished'));
    expect(await waitWhile(() => !halfMade(), PATIENCE_MS)).toBe(true);
    await cutOff.end('SIGKILL');
    expect(existsSync(join(other, 'data'))).toBe(false);

    const next = project.launch({ dataDir: other, fsync: false });
    expect(await query((await next.started).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await next.end('SIGINT');
    expect(readdirSync(other).filter((name) => name.startsWith('data'))).toEqual(['data']);
  });

  it('moves with its project', async () => {
    const first = project.launch({ dataDir });
    const before = (await addedRows((await first.started).url)) as number;
    await first.end('SIGINT');

    const moved = join(project.folder, 'moved', 'postgres');
    renameSync(dirname(dataDir), dirname(moved));
    const next = project.launch({ dataDir: moved });
    expect(await addedRows((await next.started).url)).toBe(before + 1);
    await next.end('SIGINT');
    renameSync(dirname(moved), dirname(dataDir));
  });

  it('can be started twice at once for the first time, on two data folders', () => {
    expect(firstStarts).toEqual([dataDir, deepDataDir].map(() => ({ status: 'fulfilled', value: expect.any(String) })));
  });

  it('finds room for its socket where the path of the project is longer than the system allows', async () => {
    const launcher = project.launch({ dataDir: deepDataDir, fsync: false });
    const { url, socketDir } = await launcher.started;
    await addedRows(url);
    await launcher.end('SIGINT');
    expect(existsSync(socketDir)).toBe(false);
  });

  it('is started by one only, of four that take over the lock of a killed launcher at once', async () => {
    const killed = project.launch({ dataDir });
    await killed.started;
    await killed.end('SIGKILL');
    const four = [1, 2, 3, 4].map(() => project.launch({ dataDir }));
    const outcomes = await Promise.allSettled(four.map((launcher) => launcher.started));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    await Promise.all(four.filter((launcher) => launcher.process.exitCode === null).map((launcher) => launcher.end('SIGINT')));
  });

  // Only root's data can lie elsewhere than in the project.
  if (isRoot() && !owner) {
    it('is refused to a copy of the project', async () => {
      const copy = join(project.folder, 'copy', 'postgres');
      cpSync(dirname(dataDir), dirname(copy), { recursive: true, verbatimSymlinks: true });
      await expect(project.launch({ dataDir: copy }).started).rejects.toThrow(`${copy} is a copy`);
      unlinkSync(copy);
    });

    it('begins empty when its link is deleted, and keeps the deleted data once', async () => {
      const linked = join(project.folder, 'deleted', 'postgres');
      const folders: string[] = [];
      for (const round of [1, 2]) {
        const launcher = project.launch({ dataDir: linked, fsync: false });
        await query((await launcher.started).url, `CREATE TABLE made_in_round_${round} ()`);
        folders.push(realpathSync(linked));
        await launcher.end('SIGKILL');
        unlinkSync(linked);
      }
      const last = project.launch({ dataDir: linked, fsync: false });
      const { url } = await last.started;
      expect(await query(url, "SELECT relname FROM pg_class WHERE relname LIKE 'made_in%'")).toEqual([]);
      expect(folders.map((folder) => existsSync(folder))).toEqual([false, true]);
      expect(existsSync(join(folders[1] as string, 'data', 'postmaster.pid'))).toBe(false);
      await last.end('SIGINT');
      rmSync(folders[1] as string, { recursive: true });
    });
  }
});
