import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface Run {
  readonly seconds: number;
  readonly fired: number;
  /** Of all workers together. */
  readonly cpuSeconds: number;
  /** Of the largest worker. */
  readonly residentBytes: number;
}

/** Worker processes that are up and connected, so that only their work is measured. */
export class Workers {
  private constructor(private readonly children: readonly ChildProcess[]) {}

  static async start(databaseUrl: string, count: number): Promise<Workers> {
    const script = new URL('./billing-worker.js', import.meta.url);
    const children = Array.from({ length: count }, (_, index) => fork(script, [databaseUrl, String(index), String(count)]));
    await Promise.all(children.map((child) => once(child, 'message')));
    return new Workers(children);
  }

  async fire(due: string): Promise<Run> {
    const start = process.hrtime.bigint();
    const answers = await Promise.all(
      this.children.map(async (child) => {
        const answer = once(child, 'message');
        child.send({ due });
        const [message] = (await answer) as [{ error?: string; fired: number; cpuSeconds: number; residentBytes: number }];
        if (message.error) throw new Error(message.error);
        return message;
      }),
    );
    return {
      seconds: Number(process.hrtime.bigint() - start) / 1e9,
      fired: answers.reduce((sum, { fired }) => sum + fired, 0),
      cpuSeconds: answers.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      residentBytes: Math.max(...answers.map(({ residentBytes }) => residentBytes)),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.children.map((child) => {
        const gone = once(child, 'exit');
        child.send('stop');
        return gone;
      }),
    );
  }
}
