import { Agent } from 'node:http';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { Clock } from '#event-sourcing/clock.js';
import type { DurableReader } from '#event-sourcing/durable-reader.js';
import { RELAY_READER } from '#event-sourcing/event-sourcing.module.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Database } from '#event-sourcing/sql.js';
import { TestClockRunner } from '#event-sourcing/test-clock-runner.js';
import { TEST_MASTER_KEY } from '#event-sourcing/testing/master-key.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { ApiKeys, issueApiKey } from '#platform/auth/api-keys.js';
import { loadConfig } from '#platform/config/config.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { openApiDocument } from '#platform/openapi/open-api-document.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { type Simulator, startSimulator } from '../../apps/simulator/src/simulator.js';
import { WorkerPartsModule } from '../../apps/worker/src/worker.module.js';
import { AnswerCheck } from './answer-check.js';
import { createTestDatabase } from './test-database.js';

export interface TestPlatform {
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly simulator: Simulator;
  /** Of a Super Admin. */
  readonly apiKey: string;
  readonly log: readonly string[];
  get(path: string): supertest.Test;
  post(path: string, body?: object): supertest.Test;
  patch(path: string, body: object): supertest.Test;
  delete(path: string): supertest.Test;
  graphql(query: string, variables?: object): supertest.Test;
  /** The same check for a request that a spec makes by itself: its answer is as the OpenAPI document says, or the test fails. */
  documented(test: supertest.Test): supertest.Test;
  /** Brings everything to rest that is due or follows from what has happened: readers, jobs, timers, test clocks. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const LOG_LINES = 500;
export const WEBHOOK_SECRET = 'whsec_0123456789abcdef0123456789abcdef';

/** The whole platform on real parts: a database of its own, a simulated Stripe over HTTP, every context; no loops running. */
export async function startPlatform(): Promise<TestPlatform> {
  const [testDatabase, simulator] = await Promise.all([
    createTestDatabase(),
    startSimulator({ stateFile: ':memory:', apiKey: 'sk_test_specs' }),
  ]);
  const log: string[] = [];
  // The last lines are enough to tell why something failed; a long campaign must not grow with all of them.
  const logged = (line: string): void => {
    log.push(line);
    if (log.length > 2 * LOG_LINES) log.splice(0, LOG_LINES);
  };
  const config = loadConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    DATABASE_URL: testDatabase.url,
    PERENNIAL_MASTER_KEY: TEST_MASTER_KEY,
    STRIPE_API_KEY: 'sk_test_specs',
    STRIPE_HOST: simulator.host,
    STRIPE_PORT: String(simulator.port),
    STRIPE_PROTOCOL: 'http',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });

  @Module({ imports: [ApiModule.of(config, { logSink: { write: logged } }), WorkerPartsModule] })
  class SpecApp {}

  const testing = await Test.createTestingModule({ imports: [SpecApp] }).compile();
  const app = configureHttp(testing.createNestApplication<NestExpressApplication>(httpOptions));
  await app.listen(0, '127.0.0.1');
  simulator.setWebhook({ url: `${await app.getUrl()}/v1/webhooks/stripe`, secret: WEBHOOK_SECRET });

  const part = <T>(token: abstract new (...args: never[]) => T): T => app.get(token, { strict: false });
  const { text: apiKey, record } = issueApiKey({ role: 'super_admin', name: 'specs' }, part(Clock).now());
  await part(ApiKeys).add(record);
  const relay = app.get<DurableReader>(RELAY_READER, { strict: false });
  const parts = { relay, jobs: part(JobRunner), timers: part(TimerRunner), clocks: part(TestClockRunner) };

  // A request over a new connection takes 1.6 ms of a processor, over one that is there 1.0 ms.
  const connections = new Agent({ keepAlive: true });
  const answers = new AnswerCheck(() => openApiDocument(app));
  const documented = (test: supertest.Test): supertest.Test => test.expect((response) => answers.check(response));
  const asAdmin = (test: supertest.Test): supertest.Test => documented(test.agent(connections).set('Authorization', `Bearer ${apiKey}`));
  const server = app.getHttpServer();
  return {
    app,
    database: part(Database),
    simulator,
    apiKey,
    log,
    get: (path) => asAdmin(supertest(server).get(path)),
    post: (path, body = {}) => asAdmin(supertest(server).post(path)).send(body),
    patch: (path, body) => asAdmin(supertest(server).patch(path)).send(body),
    delete: (path) => asAdmin(supertest(server).delete(path)),
    documented,
    graphql: (query, variables = {}) => asAdmin(supertest(server).post('/graphql')).send({ query, variables }),
    settle: () => settle(parts, simulator),
    stop: async () => {
      connections.destroy();
      await app.close();
      await simulator.stop();
      await testDatabase.drop();
    },
  };
}

interface Parts {
  readonly relay: DurableReader;
  readonly jobs: JobRunner;
  readonly timers: TimerRunner;
  readonly clocks: TestClockRunner;
}

async function settle({ relay, jobs, timers, clocks }: Parts, simulator: Simulator): Promise<void> {
  for (let done = -1; done !== 0; ) {
    done = await relay.drain();
    done += await jobs.runDue(16);
    for (const bucket of await timers.bucketsWithWork()) done += await timers.fireDue(bucket);
    for (const clockId of await clocks.waiting()) {
      await clocks.advance(clockId);
      done += 1;
    }
    await simulator.webhooksIdle();
  }
}
