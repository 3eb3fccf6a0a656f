import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DEBIAN_PACKAGES = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'liblua5.1-0', 'lua-cjson', 'lua-bitop'];

export interface RedisProgram {
  readonly path: string;
  /** Where its shared libraries are, if the system does not have them. */
  readonly libraries: string | undefined;
}

export class RedisMissing extends Error {
  constructor(reason: string) {
    super(
      `There is no Redis here: no redis-server and no valkey-server on the PATH, and Debian's package cannot be unpacked (${reason}). ` +
        'Give one with REDIS_URL=redis://host:6379, or install one: apt-get install redis-server (Debian, Ubuntu), brew install redis (macOS).',
    );
    this.name = 'RedisMissing';
  }
}

/** `redis-server` or `valkey-server` from `searchPath`, else Debian's packages unpacked into `cacheDir`. Throws RedisMissing. */
export async function findRedisProgram(cacheDir: string, searchPath: string): Promise<RedisProgram> {
  for (const folder of searchPath.split(delimiter).filter(Boolean)) {
    for (const name of ['redis-server', 'valkey-server']) {
      if (isExecutable(join(folder, name))) return { path: join(folder, name), libraries: undefined };
    }
  }
  const unpacked = join(cacheDir, `redis-debian-${process.arch}`);
  if (!existsSync(unpacked)) await unpackDebianPackages(unpacked, searchPath);
  return programIn(unpacked);
}

/** Downloads (1.5 MB) and unpacks without installing, so it needs no rights and changes nothing elsewhere. */
async function unpackDebianPackages(unpacked: string, searchPath: string): Promise<void> {
  const unfinished = `${unpacked}.${process.pid}`;
  const env = { ...process.env, PATH: searchPath };
  const [downloads, files] = [join(unfinished, 'downloads'), join(unfinished, 'files')];
  mkdirSync(downloads, { recursive: true });
  try {
    await run('apt-get', ['download', ...DEBIAN_PACKAGES], { cwd: downloads, env, timeout: 60_000 });
    for (const name of readdirSync(downloads).filter((name) => name.endsWith('.deb')))
      await run('dpkg', ['-x', join(downloads, name), files], { env });
    renameSync(files, unpacked);
  } catch (error) {
    // Another start was faster: its copy is as good.
    if (!existsSync(unpacked)) throw new RedisMissing(reasonOf(error));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function programIn(unpacked: string): RedisProgram {
  const libraries = join(unpacked, 'usr', 'lib');
  const forThisMachine = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu'));
  // Debian's redis-server is a link to redis-check-rdb in redis-tools: one program that looks at its own name.
  return { path: join(unpacked, 'usr', 'bin', 'redis-server'), libraries: forThisMachine && join(libraries, forThisMachine) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: string | number; stderr?: string; message: string };
  if (code === 'ENOENT') return 'apt-get is not on this machine';
  return (
    stderr
      ?.trim()
      .split('\n')
      .filter((line) => line.startsWith('E:'))
      .join(' ') || message
  );
}
