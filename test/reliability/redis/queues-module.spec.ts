import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { getQueueToken } from '@nestjs/bull';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Queue } from 'bull';
import supertest from 'supertest';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { type JobHandler, JobRunner } from '#event-sourcing/job-runner.js';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { newId } from '#kernel/ids.js';
import { JobQueuesModule } from '#platform/bull/job-queues.module.js';
import { loadConfig } from '#platform/config/config.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { PlatformModule } from '#platform/platform.module.js';
import { temporaryFolder } from '../../support/run-folder.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { AskErrand, ERRAND, errandsContext } from '../jobs/errands.context.js';
import { BreakableRedis } from './breakable-redis.js';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

async function anApp(redisUrl?: string): Promise<NestExpressApplication> {
  const config = loadConfig({
    DATABASE_URL: testDatabase.url,
    PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
    REDIS_URL: redisUrl,
    LOG_LEVEL: 'silent',
  });

  @Module({
    imports: [
      PlatformModule.of(config),
      DatabaseModule,
      EventSourcingModule.forRoot(),
      EventSourcingModule.forContext(errandsContext),
      JobQueuesModule.of(config),
    ],
  })
  class SpecApp {}

  const testing = await Test.createTestingModule({ imports: [SpecApp] }).compile();
  const app = configureHttp(testing.createNestApplication<NestExpressApplication>(httpOptions));
  const handler: JobHandler = { kind: ERRAND, lane: 'email', run: async (_job, finish) => void (await finish()) };
  app.get(JobRunner, { strict: false }).register(handler);
  return app.init();
}

const ask = (app: NestExpressApplication) =>
  app
    .get(CommandExecutor, { strict: false })
    .execute(new AskErrand({ errandId: newId<'errand'>(), tookMs: 0 }, { actor: 'spec', correlationId: 'spec' }));

describe('A process with REDIS_URL', () => {
  let redis: BreakableRedis;
  let app: NestExpressApplication;
  beforeAll(async () => {
    redis = await BreakableRedis.start(temporaryFolder('queues'));
    app = await anApp(redis.url);
  });
  afterAll(async () => {
    await app.close();
    await redis.kill();
  });
  const queue = () => app.get<Queue>(getQueueToken('email'), { strict: false });
  const isReady = () => supertest(app.getHttpServer()).get('/health/ready');

  it('is ready once Redis has answered, and stays so when Redis goes', async () => {
    for (let tries = 0; (await isReady()).status !== 200 && tries < 100; tries += 1) await pause(20);
    const { body } = await isReady().expect(200);
    expect(body.checks).toContainEqual({ name: 'redis', ready: true, waitingFor: null });
    await redis.kill();
    await pause(100);
    await isReady().expect(200);
    await redis.start();
    for (let tries = 0; queue().client.status !== 'ready' && tries < 100; tries += 1) await pause(20);
  });

  it('rings for the jobs of a transaction once it is committed, in the queue of their lane', async () => {
    const { events } = await ask(app);
    for (let tries = 0; (await queue().count()) === 0 && tries < 100; tries += 1) await pause(10);
    const [rung] = await queue().getWaiting();
    const { bucket } = events[0]!.meta;
    expect(rung!.data).toEqual({ bucket, id: expect.any(String) });
    expect(rung!.id).toBe(`${rung!.data.id}.0`);
    expect(rung!.opts).toMatchObject({ attempts: 1, removeOnComplete: true, removeOnFail: true, delay: 0 });
  });

  it('answers a command while Redis is gone or hangs', async () => {
    await ask(app);
    redis.freeze();
    for (let times = 0; times < 5; times += 1) await ask(app);
    redis.thaw();
    await redis.kill();
    await ask(app);
    await redis.start();
  });
});

describe('A process without REDIS_URL', () => {
  it('runs its jobs all the same', async () => {
    const app = await anApp();
    await ask(app);
    const jobs = app.get(JobRunner, { strict: false });
    expect(jobs.bell).toBeNull();
    expect(await jobs.startDue('email')).toBeGreaterThan(0);
    await jobs.stop(5_000);
    await app.close();
  });

  it('loads nothing of Bull', async () => {
    const script = join(temporaryFolder('without-redis'), 'loads.ts');
    const platform = join(import.meta.dirname, '../../../libs/platform/src/bull/job-queues.module.ts');
    writeFileSync(
      script,
      `import { registerHooks } from 'node:module';
       const bull = [];
       registerHooks({ resolve: (specifier, context, next) => { if (/^(bull|ioredis|@nestjs\\/bull)$/.test(specifier)) bull.push(specifier); return next(specifier, context); } });
       const { JobQueuesModule } = await import(${JSON.stringify(platform)});
       const redisUrl = process.argv[2] ?? null;
       const { imports } = await JobQueuesModule.of({ redisUrl });
       console.log(JSON.stringify({ bull: [...new Set(bull)].sort(), imports: imports?.length ?? 0 }));
       process.exit(0);`,
    );
    expect(await said(script)).toEqual({ bull: [], imports: 0 });
    expect(await said(script, 'redis://127.0.0.1:1')).toEqual({ bull: ['@nestjs/bull', 'bull', 'ioredis'], imports: 1 });
  });
});

async function said(script: string, ...given: string[]): Promise<unknown> {
  const loader = join(import.meta.dirname, '../../support/source-loader.js');
  const child = spawn(process.execPath, ['--import', loader, script, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}
