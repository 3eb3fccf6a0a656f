import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK = Buffer.alloc(64 * 1024);

/** A disk of its own that can be filled: memory, mounted as one. Linux lets those do that who may administer the system. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  static mount(folder: string, megabytes: number): SmallDisk {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'tmpfs', folder], { stdio: 'pipe' });
    return new SmallDisk(folder);
  }

  /** Whether this process may mount one. */
  static isPossible(): boolean {
    const folder = mkdtempSync(join(tmpdir(), 'mount-'));
    try {
      SmallDisk.mount(folder, 1).unmount();
      return true;
    } catch {
      return false;
    } finally {
      rmdirSync(folder);
    }
  }

  /** Those that are mounted below a folder. */
  static in(folder: string): SmallDisk[] {
    if (process.platform !== 'linux') return [];
    const places = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '');
    return places.filter((place) => place.startsWith(`${folder}/`)).map((place) => new SmallDisk(place));
  }

  /** Until not a byte more can be written. */
  fill(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (;;) writeSync(file, CHUNK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder], { stdio: 'pipe' });
  }

  private get ballast(): string {
    return join(this.folder, 'ballast');
  }
}
