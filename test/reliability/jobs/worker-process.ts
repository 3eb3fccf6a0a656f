import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FaultPlanOptions } from '#kernel/fault-plan.js';
import type { ErrandWorkerOptions } from './errand-worker.js';

const loader = join(import.meta.dirname, '../../support/source-loader.js');
const program = join(import.meta.dirname, 'errand-worker.ts');

/** A worker as a process of its own, to be stopped and killed. It ends with the process that started it. */
export class WorkerProcess {
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  private said = '';

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.stderr?.on('data', (chunk) => {
      this.said += chunk;
    });
  }

  static async start(options: ErrandWorkerOptions, faults?: FaultPlanOptions): Promise<WorkerProcess> {
    const child = spawn(process.execPath, ['--import', loader, program, JSON.stringify(options)], {
      env: { ...process.env, NODE_ENV: 'test', PERENNIAL_FAULTS: faults && JSON.stringify(faults) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const worker = new WorkerProcess(child);
    const ready = await Promise.race([once(child, 'message'), worker.ended]);
    if (ready[0] !== 'ready') throw new Error(`The worker did not start:\n${worker.said}`);
    return worker;
  }

  get lives(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.lives) this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }
}
