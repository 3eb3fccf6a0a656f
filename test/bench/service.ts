import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { DataSource } from 'typeorm';
import { freePort } from '#embedded/ports.js';

const CLIENTS = 50;
const READY_WITHIN_MS = 60_000;

export interface Load {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** An HTTP service in a process of its own, as it is deployed. */
export class Service {
  private constructor(
    readonly name: string,
    private readonly process: ChildProcess,
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  static async start(name: string, script: URL, apiKey: string, env: NodeJS.ProcessEnv): Promise<Service> {
    const port = await freePort();
    const child = fork(script, [], {
      env: { PATH: process.env.PATH, ...env, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const url = `http://127.0.0.1:${port}`;
    await answering(url, child);
    return new Service(name, child, url, apiKey);
  }

  /** Subscribes each of the accounts once, by 50 clients at a time. */
  subscribe(accountIds: readonly string[], planCode: string): Promise<Load> {
    const requests = accountIds.map((accountId) => ({ key: `bench-${accountId}`, body: { accountId, planCode, quantity: 1 } }));
    return this.post('/v1/subscriptions', requests, CLIENTS);
  }

  /** Sends each of the requests once, by so many clients at a time. */
  async post(path: string, requests: readonly { readonly key?: string; readonly body: object }[], clients: number): Promise<Load> {
    // Whoever calls has a machine of their own: what they send is written before it is timed.
    const prepared = requests.map(({ key, body }) => ({ key, text: JSON.stringify(body) }));
    let next = 0;
    const startMs = performance.now();
    let lastMs = startMs;
    const result = await autocannon({
      // It looks at its own clock once a second only, and says so many seconds.
      setupClient: (client) =>
        client.on('response', () => {
          lastMs = performance.now();
        }),
      url: this.url,
      connections: Math.min(clients, requests.length),
      amount: requests.length,
      timeout: 60,
      requests: [
        {
          method: 'POST',
          path,
          setupRequest: (request) => {
            const { key, text } = prepared[next]!;
            next += 1;
            return {
              ...request,
              headers: {
                'content-type': 'application/json',
                authorization: `Bearer ${this.apiKey}`,
                ...(key !== undefined && { 'idempotency-key': key }),
              },
              body: text,
            };
          },
        },
      ],
    });
    if (result['2xx'] !== requests.length) {
      throw new Error(
        `${this.name} answered ${result['2xx']} of ${requests.length} requests: ${result.non2xx} refused, ${result.errors} broken off.`,
      );
    }
    return { requestsPerSecond: (requests.length / (lastMs - startMs)) * 1_000, p50: result.latency.p50, p99: result.latency.p99 };
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await gone;
  }
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode} before it listened.`);
    // Any answer will do: the plain service has no page that says that it is ready.
    const answer = await fetch(url).catch(() => null);
    if (answer) return;
    await sleep(100);
  }
  throw new Error(`Nothing answers at ${url}.`);
}

/** How many rows each table has, so that both sides can be seen to write the same. */
export async function rowCounts(owner: DataSource, tables: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row]: { count: string }[] = await owner.query(`select count(*) from ${table}`);
    counts[table] = Number(row!.count);
  }
  return counts;
}
