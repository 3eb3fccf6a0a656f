import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Sweeper } from '#event-sourcing/sweeper.js';
import { FaultPlan, faultCounts, pointsNeverReached } from '#kernel/fault-plan.js';
import { faultPoints, installFaults } from '#kernel/fault-point.js';
import { fromEpochMs } from '#kernel/instant.js';
import { BullBell } from '#platform/bull/bull-bell.js';
import { ringingQueues } from '#platform/bull/ringing-queues.js';
import { createLog } from '#platform/logging/log.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { temporaryFolder } from '../../support/run-folder.js';
import { Story } from '../../support/story.js';
import { until } from '../../support/until.js';
import { verified } from '../../verify/verified.js';
import { BreakableRedis } from '../redis/breakable-redis.js';
import { SeededChance } from '../seeded-chance.js';
import { type Ending, StruckStory } from './struck-story.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

/** Those of the payments are struck by the payments suite, and all of them with kill -9 by the kill suite. */
const ours = faultPoints.filter((point) => !point.startsWith('payments.'));

describe(`At each fault point of the engine (seed ${SEED})`, () => {
  const folder = temporaryFolder('engine-faults');
  const countsFile = join(folder, 'counts');
  /** What the story passes by when nothing happens to it. */
  const passedFile = join(folder, 'passed');
  const chance = new SeededChance(SEED);
  let platform: TestPlatform;
  let server: pg.Client;
  let database: string;
  let undisturbed: Ending;

  beforeAll(async () => {
    platform = await startPlatform();
    server = new pg.Client({ connectionString: process.env.PERENNIAL_TEST_POSTGRES });
    await server.connect();
    database = (await platform.database.query<{ name: string }>('select current_database() as name'))[0]!.name;
    await new Story(platform).plan();
    const disarm = installFaults(new FaultPlan({ seed: SEED, on: 0, countsFile: passedFile }));
    undisturbed = await new StruckStory(platform).told();
    disarm();
    expect(undisturbed.captured).toEqual([2900, 2900, 2900, 2900]);
  });
  afterAll(async () => {
    await server.end();
    await platform.stop();
  });

  const cut = async (): Promise<void> => {
    await server.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
  };

  const jobsDue = async (): Promise<number> => {
    const rows = await platform.database.query<{ count: number }>(
      'select count(*)::integer as count from es.job where attempt > 0 or run_at <= now()',
    );
    return rows[0]!.count;
  };

  async function struck(point: (typeof ours)[number], mode: 'throw' | 'call', work: () => Promise<void>): Promise<void> {
    const passes = Math.max(1, faultCounts(passedFile).get(point)!.reached);
    const fault = { mode, atHit: chance.between(1, passes), ...(mode === 'call' && { call: cut }) };
    const plan = new FaultPlan({ seed: SEED, countsFile, points: { [point]: fault } });
    const before = struckSoFar(point);
    const disarm = installFaults(plan);
    try {
      await work();
    } finally {
      disarm();
    }
    expect(`${point} was struck ${struckSoFar(point) - before} times`).toBe(`${point} was struck 1 times`);
  }

  const struckSoFar = (point: (typeof ours)[number]): number => faultCounts(countsFile).get(point)!.struck;

  describe.each([
    ['a broken call', 'throw'],
    ['all connections cut', 'call'],
  ] as const)('%s', (_, mode) => {
    it.each(ours.filter((point) => point !== 'jobs.after-marking'))('changes nothing of how it ends: %s', async (point) => {
      const story = new StruckStory(platform);
      await struck(point, mode, async () => {
        expect(await story.told()).toEqual(undisturbed);
      });
      expect(story.complaints).toEqual([]);
      // Coming to rest may take four times the patience of the story.
    });
  });

  it('with the bell on Redis, jobs that were marked and not rung for are run all the same: jobs.after-marking', async () => {
    const redis = await BreakableRedis.start(join(folder, 'redis'));
    const ringing = ringingQueues(redis.url);
    const jobs = platform.app.get(JobRunner, { strict: false });
    const bell = new BullBell(ringing.queues, createLog({ logLevel: 'silent', logFile: null }), { redisUrl: redis.url });
    jobs.bell = bell;
    const sweeper = new Sweeper(jobs, { everyMs: 0, quietMs: 0, overdueMs: 200 });
    try {
      while (!(await bell.room('gateway'))) await pause(20);
      const story = new Story(platform);
      await story.subscription((await story.account()).id);
      expect(await jobsDue()).toBeGreaterThan(0);
      await struck('jobs.after-marking', 'throw', async () => {
        await expect(sweeper.round()).rejects.toThrow('injected');
        expect(await jobsDue()).toBeGreaterThan(0);
        await until(async () => {
          await sweeper.round();
          return (await jobsDue()) === 0;
        });
      });
      expect(await jobsDue()).toBe(0);
    } finally {
      jobs.bell = null;
      await bell.close();
      ringing.client.disconnect();
      await redis.kill();
    }
  });

  it('leaves books in which every invariant holds', async () => {
    const quietAt = fromEpochMs(Date.now());
    const failed = (await verified({ platform, quietAt }, async () => {})).filter(({ verdict }) => /violated|broken/.test(verdict));
    expect(failed.map(({ id, shown, error }) => [id, shown[0] ?? error])).toEqual([]);
  });

  it('and at no point less', () => {
    expect(pointsNeverReached(countsFile, ours)).toEqual([]);
  });
});
