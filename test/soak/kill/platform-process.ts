import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Program } from './program.js';

const PATIENCE_MS = 120_000;

/** API and worker as one process of its own, at an address that stays the same from start to start. */
export class PlatformProcess {
  readonly baseUrl: string;
  private child: ChildProcess | null = null;

  constructor(
    private readonly program: Program,
    port: number,
    private readonly logFile: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.baseUrl = `http://127.0.0.1:${port}`;
  }

  get lives(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it if it is dead, and waits until it is ready to serve. Throws what it said when it ends meanwhile. */
  async start(): Promise<void> {
    if (!this.lives) {
      const log = openSync(this.logFile, 'a');
      this.child = spawn(process.execPath, [...this.program.args], { cwd: this.program.cwd, env: this.env, stdio: ['ignore', log, log] });
      closeSync(log);
      await once(this.child, 'spawn');
    }
    const end = performance.now() + PATIENCE_MS;
    while (!(await this.isReady())) {
      if (!this.lives) throw new Error(`A process ended by itself. It said:\n${readFileSync(this.logFile, 'utf8').slice(-2_000)}`);
      if (performance.now() > end) throw new Error(`A process is not ready after ${PATIENCE_MS} ms.`);
      await pause(50);
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.lives) this.child!.kill(signal);
  }

  async kill(): Promise<void> {
    if (!this.lives) return;
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await ended;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.baseUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) })).ok;
    } catch {
      return false;
    }
  }
}
