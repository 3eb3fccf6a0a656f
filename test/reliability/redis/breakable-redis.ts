import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '#embedded/ports.js';
import { startStamp } from '#embedded/processes.js';
import { findRedisProgram, type RedisProgram } from '#embedded/redis-program.js';

/** A real Redis of one suite, to be broken: it comes back at the same address, and remembers nothing. */
export class BreakableRedis {
  private server: ChildProcess | null = null;

  private constructor(
    private readonly program: RedisProgram,
    private readonly dir: string,
    private readonly port: number,
    private readonly password: string,
  ) {}

  /** `dir` is made; its record of the process lets the next test run clear away what a killed one leaves behind. */
  static async start(dir: string): Promise<BreakableRedis> {
    mkdirSync(dir, { recursive: true });
    const program = await findRedisProgram(resolve('.cache'), process.env.PATH ?? '');
    const redis = new BreakableRedis(program, dir, await freePort(), randomBytes(16).toString('hex'));
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://:${this.password}@127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { path, libraries } = this.program;
    const env = { PATH: process.env.PATH, LC_ALL: 'C', ...(libraries && { LD_LIBRARY_PATH: libraries }) };
    this.server = spawn(path, ['-'], { cwd: this.dir, env, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(this.server, 'spawn');
    const pid = this.server.pid as number;
    writeFileSync(join(this.dir, 'server.json'), JSON.stringify({ pid, stamp: startStamp(pid) }));
    this.server.stdin?.end(
      [
        `bind 127.0.0.1`,
        `port ${this.port}`,
        `requirepass ${this.password}`,
        'appendonly no',
        'save ""',
        'maxmemory-policy noeviction',
        '',
      ].join('\n'),
    );
    await this.with((client) => client.ping());
  }

  /** SIGKILL: everything it held is lost. */
  async kill(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  /** Answers nothing, and keeps every connection: what a hanging machine looks like. */
  freeze(): void {
    this.server?.kill('SIGSTOP');
  }

  thaw(): void {
    this.server?.kill('SIGCONT');
  }

  flush(): Promise<unknown> {
    return this.with((client) => client.flushall());
  }

  /** The lists are gone and the hashes of the jobs stay: Bull takes none of these names again. Answers how many keys went. */
  forgetLists(): Promise<number> {
    return this.with(async (client) => {
      const lists = (await client.keys('*')).filter((key) => /:(wait|active|paused|delayed)$/.test(key));
      return lists.length > 0 ? client.del(...lists) : 0;
    });
  }

  /** Every key and value as text, for a look at what is in there. */
  contents(): Promise<string> {
    return this.with(async (client) => {
      const dumps: string[] = [];
      for (const key of await client.keys('*'))
        dumps.push(key, JSON.stringify((await client.type(key)) === 'hash' ? await client.hgetall(key) : ''));
      return dumps.join('\n');
    });
  }

  async with<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: 500 });
    client.on('error', () => {});
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }
}
