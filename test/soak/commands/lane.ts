import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SequenceRequest, SequenceResult } from './sequence.js';

const loader = join(import.meta.dirname, '../../support/source-loader.js');
const program = join(import.meta.dirname, 'lane-program.ts');

/** A process with a platform and a database of its own: its sequences run one after the other, as they would alone. */
export class Lane {
  private said = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.on('data', (chunk) => {
      this.said += chunk;
    });
  }

  static async start(): Promise<Lane> {
    const child = spawn(process.execPath, ['--import', loader, program], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const lane = new Lane(child);
    await lane.answer();
    return lane;
  }

  async run(request: SequenceRequest): Promise<SequenceResult> {
    this.child.send(request);
    return (await this.answer()) as SequenceResult;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.send('stop');
    await ended;
  }

  /** What it says next. Throws when it ends instead. */
  private async answer(): Promise<unknown> {
    const over = new AbortController();
    const { signal } = over;
    const ended = once(this.child, 'exit', { signal }).then(() => {
      throw new Error(`A lane has ended by itself:\n${this.said}`);
    });
    try {
      const [message] = await Promise.race([once(this.child, 'message', { signal }), ended]);
      return message;
    } finally {
      over.abort();
    }
  }
}
