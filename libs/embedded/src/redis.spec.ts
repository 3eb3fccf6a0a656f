import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Bull from 'bull';
import { temporaryFolder } from '../../../test/support/run-folder.js';
import { AlreadyRunning } from './launcher-lock.js';
import { startStamp } from './processes.js';
import { type AvailableRedis, findOrStartRedis, type RedisOptions } from './redis.js';
import { RedisMissing } from './redis-program.js';

const cacheDir = join(import.meta.dirname, '../../../.cache');
const { REDIS_URL: _given, ...env } = process.env;

describe('Redis', () => {
  let folder: string;
  const running: AvailableRedis[] = [];
  const queues: Bull.Queue[] = [];
  const launchers: ChildProcess[] = [];

  beforeEach(() => {
    folder = temporaryFolder('redis');
  });

  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
    for (const launcher of launchers.splice(0)) launcher.kill('SIGKILL');
    for (const redis of running.splice(0)) await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<RedisOptions> = {}): Promise<AvailableRedis> {
    const redis = await findOrStartRedis({ dir: join(folder, 'redis'), cacheDir, env, ...options });
    running.push(redis);
    return redis;
  }

  function queueOn(url: string): Bull.Queue {
    const queue = new Bull('errands', url, { redis: { maxRetriesPerRequest: 1 } });
    queues.push(queue);
    return queue;
  }

  async function closed(queue: Bull.Queue): Promise<void> {
    queues.splice(queues.indexOf(queue), 1);
    await queue.close();
  }

  it('that is given is used, and left alone', async () => {
    const redis = await start({ env: { ...env, REDIS_URL: 'redis://somewhere:6379/1' } });
    expect(redis).toMatchObject({ url: 'redis://somewhere:6379/1', pid: null });
    await redis.stop();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('carries the jobs of Bull, and leaves no process and no lock behind', async () => {
    const redis = await start();
    const queue = queueOn(redis.url);
    queue.process((job) => Promise.resolve(job.data.number * 2));
    expect(await (await queue.add({ number: 21 })).finished()).toBe(42);
    await closed(queue);

    await redis.stop();
    expect(startStamp(redis.pid as number)).toBeNull();
    expect(readdirSync(folder)).toEqual(['redis']);
    expect(readdirSync(join(folder, 'redis'))).toEqual(['redis.log']);
  });

  it('lets nobody in without its password', async () => {
    const { url } = await start();
    const queue = queueOn(url.replace(/:[^:@]+@/, ':wrong@'));
    queue.on('error', () => {});
    await expect(queue.count()).rejects.toThrow(/WRONGPASS|NOAUTH/);
  });

  it('keeps its jobs over a restart if it is to, and starts empty otherwise', async () => {
    for (const persistent of [true, false]) {
      const first = await start({ persistent, dir: join(folder, String(persistent)) });
      const filling = queueOn(first.url);
      await filling.add({ number: 1 });
      await closed(filling);
      await first.stop();
      const second = await start({ persistent, dir: join(folder, String(persistent)) });
      expect(await queueOn(second.url).count()).toBe(persistent ? 1 : 0);
    }
  });

  it('is started by one process only', async () => {
    await start();
    await expect(start()).rejects.toBeInstanceOf(AlreadyRunning);
  });

  it('that a killed launcher left running is replaced', async () => {
    const loader = join(import.meta.dirname, '../../../test/support/source-loader.js');
    const script = join(folder, 'launch.mjs');
    writeFileSync(
      script,
      `const { findOrStartRedis } = await import(${JSON.stringify(join(import.meta.dirname, 'redis.ts'))});
       const redis = await findOrStartRedis(${JSON.stringify({ dir: join(folder, 'redis'), cacheDir, env: { PATH: env.PATH } })});
       console.log(redis.pid);
       setInterval(() => {}, 60_000);`,
    );
    const launcher = spawn(process.execPath, ['--import', loader, script], { stdio: ['ignore', 'pipe', 'inherit'] });
    launchers.push(launcher);
    const [leftOver] = (await once(createInterface({ input: launcher.stdout }), 'line')).map(Number) as [number];
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    expect(startStamp(leftOver)).not.toBeNull();

    const redis = await start();
    expect(startStamp(leftOver)).toBeNull();
    expect(startStamp(redis.pid as number)).not.toBeNull();
  });

  it('that is nowhere to be found is refused with how to get one', async () => {
    const nowhere = join(folder, 'cache');
    const refusal = await start({ env: { PATH: folder }, cacheDir: nowhere }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RedisMissing);
    expect((refusal as Error).message).toMatch(/REDIS_URL=.*apt-get install redis-server/);
    expect(existsSync(nowhere) ? readdirSync(nowhere) : []).toEqual([]);
  });
});
