import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultPlanOptions } from '#kernel/fault-plan.js';
import type { App, Program } from './program.js';

const PATIENCE_MS = 120_000;

/** One life of a process, from its start to its end. */
interface Life {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  /** It is meant to end: it was killed, or told to kill itself at a fault point. */
  isToEnd: boolean;
  isReady: boolean;
}

/** An API or a worker as a process of its own, at an address that stays the same from life to life. */
export class PlatformProcess {
  readonly baseUrl: string;
  /** What was said by those of its lives that ended without being struck. */
  readonly endings: string[] = [];
  slowestStartMs = 0;
  private life: Life | null = null;
  private starting: Promise<void> | null = null;

  constructor(
    readonly app: App,
    private readonly name: string,
    private readonly program: Program,
    port: number,
    private readonly logFile: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.baseUrl = `http://127.0.0.1:${port}`;
  }

  get isReady(): boolean {
    return this.life?.isReady === true;
  }

  /** Starts it if it is dead, and waits until it is ready to serve, or dead again. */
  start(): Promise<void> {
    this.starting ??= this.becomeReady().finally(() => {
      this.starting = null;
    });
    return this.starting;
  }

  /** Starts a dead one that is to kill itself at a fault point; false when it lives on after all this time. */
  async endsAt(faults: FaultPlanOptions, withinMs: number): Promise<boolean> {
    const life = await this.begin(faults);
    life.isToEnd = true;
    const early = new AbortController();
    await Promise.race([life.ended, pause(withinMs, undefined, { signal: early.signal }).catch(() => {})]);
    early.abort();
    return life.child.signalCode === 'SIGKILL';
  }

  signal(signal: NodeJS.Signals): void {
    this.life?.child.kill(signal);
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Lets it end in its own time, as at a deployment. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { life } = this;
    if (!life) return;
    life.isToEnd = true;
    life.child.kill(signal);
    await life.ended;
    // Whoever waits for it to be ready sees that it is dead, so that the next start is a new one.
    await this.starting?.catch(() => {});
  }

  private async becomeReady(): Promise<void> {
    const startedMs = performance.now();
    const life = this.life ?? (await this.begin());
    while (this.life === life && !life.isReady) {
      life.isReady = await this.answers();
      if (performance.now() - startedMs > PATIENCE_MS) throw new Error(`${this.name} is not ready after ${PATIENCE_MS} ms.`);
      if (!life.isReady) await pause(50);
    }
    this.slowestStartMs = Math.max(this.slowestStartMs, Math.round(performance.now() - startedMs));
  }

  private async begin(faults?: FaultPlanOptions): Promise<Life> {
    const log = openSync(this.logFile, 'a');
    const child = spawn(process.execPath, [...this.program.args[this.app]], {
      cwd: this.program.cwd,
      env: { ...this.env, ...(faults && { PERENNIAL_FAULTS: JSON.stringify(faults) }) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const life: Life = { child, ended: once(child, 'exit'), isToEnd: false, isReady: false };
    this.life = life;
    child.once('exit', (code, signal) => this.hasEnded(life, code ?? signal));
    await once(child, 'spawn');
    return life;
  }

  private hasEnded(life: Life, how: number | string | null): void {
    life.isReady = false;
    if (this.life === life) this.life = null;
    if (life.isToEnd) return;
    this.endings.push(`${this.name} ended by itself (${how}). It said:\n${readFileSync(this.logFile, 'utf8').slice(-2_000)}`);
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.baseUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) })).ok;
    } catch {
      return false;
    }
  }
}
