import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.js';

const root = join(import.meta.dirname, '../../..');
const COPIED = ['apps', 'libs', 'migrations', 'test', 'tools', 'docs', 'package.json', 'jest.config.js', 'tsconfig.json', '.swcrc'];
/** A bug may make a test wait for ever. */
const LONGEST_TEST_MS = 240_000;

/** A copy of the sources to be spoilt, with the same dependencies; the sources themselves are never touched. */
export class Workshop {
  private readonly folder = mkdtempSync(join(process.env.PERENNIAL_TEST_FOLDER ?? tmpdir(), 'mutants-'));

  constructor() {
    for (const name of COPIED) cpSync(join(root, name), join(this.folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Answers how to take the bug out again. */
  plant({ file, find, replace }: Mutant): () => void {
    return this.replace(file, (sound) => spoilt(sound, file, find, replace));
  }

  /** Answers how to have the file as it was. */
  replace(file: string, spoil: (sound: string) => string): () => void {
    const path = join(this.folder, file);
    const sound = readFileSync(path, 'utf8');
    writeFileSync(path, spoil(sound));
    return () => writeFileSync(path, sound);
  }

  /** Runs the tests of files in a jest of its own, on a PostgreSQL of its own. */
  async test(...specs: readonly string[]): Promise<{ passed: boolean; said: string }> {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    const child = spawn(
      process.execPath,
      ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, '--runInBand', '--bail', '--runTestsByPath', ...specs],
      {
        cwd: this.folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const patience = setTimeout(() => child.kill('SIGTERM'), LONGEST_TEST_MS);
    const [code] = await once(child, 'close');
    clearTimeout(patience);
    return { passed: code === 0, said: said.slice(-1_500) };
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Throws when the place is not there exactly once: then the list is older than the sources. How its lines are broken is no matter. */
export function spoilt(sound: string, file: string, find: string, replace: string): string {
  const words = find.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const parts = sound.split(new RegExp(words.join('\\s+')));
  if (parts.length !== 2) throw new Error(`${file} holds "${find}" ${parts.length - 1} times, where a bug is to be planted.`);
  return parts.join(replace);
}
