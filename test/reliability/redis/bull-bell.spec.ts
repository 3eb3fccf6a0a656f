import { setTimeout as pause } from 'node:timers/promises';
import type { RungJob } from '#event-sourcing/doorbell.js';
import { bucketOf, newId } from '#kernel/ids.js';
import { type BellOptions, BullBell } from '#platform/bull/bull-bell.js';
import { ringingQueues } from '#platform/bull/ringing-queues.js';
import { createLog } from '#platform/logging/log.js';
import { temporaryFolder } from '../../support/run-folder.js';
import { until } from '../../support/until.js';
import { BreakableRedis } from './breakable-redis.js';

let redis: BreakableRedis;
beforeAll(async () => {
  redis = await BreakableRedis.start(temporaryFolder('bell'));
});
afterAll(() => redis.kill());

const made: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of made.splice(0)) await close();
  await redis.flush();
});

interface MadeBell {
  readonly bell: BullBell;
  readonly log: string[];
  readonly isConnected: () => boolean;
}

function aBell(options: Partial<BellOptions> = {}): MadeBell {
  const log: string[] = [];
  const { client, queues } = ringingQueues(redis.url);
  const sink = { write: (line: string) => void log.push(JSON.parse(line).msg) };
  const bell = new BullBell(queues, createLog({ logLevel: 'info', logFile: null }, sink), { redisUrl: redis.url, ...options });
  made.push(async () => {
    await bell.close();
    client.disconnect();
  });
  return { bell, log, isConnected: () => client.status === 'ready' };
}

async function aConnectedBell(options?: Partial<BellOptions>): Promise<MadeBell> {
  const bell = aBell(options);
  await until(bell.isConnected);
  return bell;
}

function aJob(epoch = 0): RungJob {
  const id = newId();
  return { id, bucket: bucketOf(id), kind: 'errands.run', epoch };
}

describe('The bell on Bull', () => {
  it('is heard by one of those who listen, and leaves nothing behind', async () => {
    const [{ bell }, { bell: one }, { bell: two }] = [await aConnectedBell(), aBell(), aBell()];
    const heard: string[] = [];
    for (const listener of [one, two])
      listener.listen(['gateway', 'email'], async (_lane, job) => void heard.push(`${job?.bucket} ${job?.id}`));
    const jobs = Array.from({ length: 10 }, () => aJob());
    await bell.ring('gateway', jobs.slice(0, 5));
    await bell.ring('email', jobs.slice(5));
    await until(() => heard.length >= 10);
    await pause(100);
    expect(heard.sort()).toEqual(jobs.map(({ bucket, id }) => `${bucket} ${id}`).sort());
    const hashes = await redis.with((client) => client.keys(`*:${jobs[0]!.id}*`));
    expect(hashes).toEqual([]);
  });

  it('tells Redis the id and the bucket of a job, and nothing else', async () => {
    const { bell } = await aConnectedBell();
    const job = aJob(3);
    await bell.ring('documents', [job]);
    const [stored] = await redis.with((client) =>
      client.hvals(`{perennial.documents}:documents:${job.id}.3`).then((values) => values.filter((v) => v.includes('bucket'))),
    );
    expect(JSON.parse(stored!)).toEqual({ id: job.id, bucket: job.bucket });
  });

  it('keeps the keys of a queue in one slot of a cluster', async () => {
    const { bell } = await aConnectedBell();
    await bell.ring('documents', [aJob()]);
    const keys = await redis.with((client) => client.keys('*'));
    expect(keys.length).toBeGreaterThan(1);
    expect(keys.filter((key) => !key.startsWith('{perennial.documents}:'))).toEqual([]);
  });

  it('is heard again under a new epoch where Bull has lost the list and kept the job, and not under the old one', async () => {
    const [{ bell }, { bell: listener }] = [await aConnectedBell(), aBell()];
    const job = aJob();
    await bell.ring('gateway', [job]);
    expect(await redis.forgetLists()).toBe(1);
    const heard: string[] = [];
    listener.listen(['gateway'], async (_lane, job) => void heard.push(job?.id ?? ''));
    await bell.ring('gateway', [job]);
    await pause(500);
    expect(heard).toEqual([]);
    await bell.ring('gateway', [{ ...job, epoch: 1 }]);
    await until(() => heard.length > 0);
    expect(heard).toEqual([job.id]);
  });

  it('takes no more rings of a lane than its depth', async () => {
    const { bell } = await aConnectedBell({ depth: 5 });
    expect(await bell.room('email')).toBe(5);
    await bell.ring('email', [aJob(), aJob(), aJob()]);
    expect(await bell.room('email')).toBe(2);
    await bell.ring('email', [aJob(), aJob(), aJob()]);
    expect(await bell.room('email')).toBe(0);
    expect(await bell.room('documents')).toBe(5);
  });

  it('hears nothing new once it is deafened', async () => {
    const [{ bell }, { bell: listener }] = [await aConnectedBell(), aBell()];
    const heard: string[] = [];
    listener.listen(['gateway'], async (_lane, job) => void heard.push(job?.id ?? ''));
    await bell.ring('gateway', [aJob()]);
    await until(() => heard.length === 1);
    await listener.deafen();
    await bell.ring('gateway', [aJob()]);
    await pause(300);
    expect(heard.length).toBe(1);
  });
});

describe('With Redis gone, the bell', () => {
  afterEach(() => redis.start());

  it('neither fails nor keeps whoever rings, says after a while that it is out of reach, and comes back by itself', async () => {
    const { bell, log } = await aConnectedBell({ goneAfterMs: 400 });
    expect(await bell.room('gateway')).toBe(1_000);
    await redis.kill();
    // Redis comes back only below: who waited for it would wait for ever.
    await bell.ring('gateway', [aJob()]);
    expect(await bell.room('gateway')).toBe(0);
    await until(async () => (await bell.room('gateway')) === null);
    await bell.ring('gateway', [aJob()]);
    expect(log).toEqual(['Redis does not answer: each worker takes jobs from the database itself.']);
    await redis.start();
    await until(async () => (await bell.room('gateway')) === 1_000);
    expect(log.slice(1)).toEqual(['Redis answers again: jobs are spread by its queues.']);
    await redis.kill();
  });

  it('does not wait for a Redis that hangs', async () => {
    const { bell } = await aConnectedBell({ goneAfterMs: 400 });
    expect(await bell.room('gateway')).toBe(1_000);
    redis.freeze();
    await bell.ring('gateway', [aJob()]);
    await until(async () => (await bell.room('gateway')) === null);
    redis.thaw();
    await until(async () => (await bell.room('gateway')) !== null);
    await redis.kill();
  });

  it('listens as soon as Redis is there, when it began without', async () => {
    await redis.kill();
    const { bell: listener } = aBell();
    const heard: string[] = [];
    listener.listen(['gateway'], async (_lane, job) => void heard.push(job?.id ?? ''));
    await pause(500);
    await redis.start();
    const { bell } = await aConnectedBell();
    await bell.ring('gateway', [aJob()]);
    await until(() => heard.length === 1);
    await redis.kill();
  });
});
