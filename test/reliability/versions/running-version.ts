import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import supertest from 'supertest';
import type { PlatformOptions, SentCommand } from './run-platform.js';

const loader = join(import.meta.dirname, '../../support/source-loader.js');
const program = join(import.meta.dirname, 'run-platform.ts');

/** The platform as a process of its own, of one version or the other. It ends with the process that started it. */
export class RunningVersion {
  private said = '';
  private url = '';
  private apiKey = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.said += chunk;
      });
    }
  }

  static async start(options: PlatformOptions): Promise<RunningVersion> {
    const child = spawn(process.execPath, ['--import', loader, program, JSON.stringify(options)], {
      env: { PATH: process.env.PATH, NODE_ENV: 'test' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const platform = new RunningVersion(child);
    const [ready] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (typeof ready !== 'object' || ready === null) throw new Error(`The platform did not start:\n${platform.said}`);
    Object.assign(platform, ready);
    return platform;
  }

  /** The lines of its log, parsed. */
  get logged(): { level: string; msg: string; reader?: string; bucket?: number; timer?: string; err?: { message: string } }[] {
    return this.said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }

  get(path: string): supertest.Test {
    return this.asAdmin(supertest(this.url).get(path));
  }

  post(path: string, body: object): supertest.Test {
    return this.asAdmin(supertest(this.url).post(path)).send(body);
  }

  patch(path: string, body: object): supertest.Test {
    return this.asAdmin(supertest(this.url).patch(path)).send(body);
  }

  delete(path: string): supertest.Test {
    return this.asAdmin(supertest(this.url).delete(path));
  }

  /** Through the command bus, for what has no address. */
  async send(command: SentCommand): Promise<unknown> {
    const answered = once(this.child, 'message');
    this.child.send(command);
    return (await answered)[0];
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private asAdmin(test: supertest.Test): supertest.Test {
    return test.set('Authorization', `Bearer ${this.apiKey}`);
  }
}
