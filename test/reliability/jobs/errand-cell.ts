import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { Database } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import type { FaultPlanOptions } from '#kernel/fault-plan.js';
import { newId } from '#kernel/ids.js';
import { BullBell } from '#platform/bull/bull-bell.js';
import { ringingQueues } from '#platform/bull/ringing-queues.js';
import { connectionOptions } from '#platform/database/connection.js';
import { createLog } from '#platform/logging/log.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import type { ErrandWorkerOptions } from './errand-worker.js';
import { AskErrand, type ErrandId, errandsContext } from './errands.context.js';
import { WorkerProcess } from './worker-process.js';

/** Much faster than in production, and in the same proportions, so that a lease runs out while a test waits. */
export const FAST: Omit<ErrandWorkerOptions, 'name' | 'databaseUrl' | 'redisUrl'> = {
  timing: { leaseMs: 1_200, heartbeatMs: 300, longestRunMs: 60_000 },
  sweeping: { everyMs: 200, quietMs: 1_000, overdueMs: 3_000 },
  goneAfterMs: 800,
  patienceMs: 5_000,
  fenced: true,
};

export interface Asked {
  readonly errandId: ErrandId;
  /** How long the command took, its answer included. */
  readonly durationMs: number;
}

/** A database, processes that run errands, and somebody who asks for them as an API process does. */
export class ErrandCell {
  readonly workers: WorkerProcess[] = [];

  private constructor(
    private readonly testDatabase: TestDatabase,
    private readonly dataSource: DataSource,
    readonly redisUrl: string | null,
    private readonly executor: CommandExecutor,
    private readonly bell: BullBell | null,
    private readonly closeBell: () => Promise<void>,
  ) {}

  static async start(redisUrl: string | null): Promise<ErrandCell> {
    const testDatabase = await createTestDatabase();
    const dataSource = await new DataSource({ ...connectionOptions(testDatabase.url, 10), poolErrorHandler: () => {} }).initialize();
    const vocabulary = new Vocabulary();
    vocabulary.register(errandsContext);
    const doorbell = new Doorbell();
    const executor = new CommandExecutor(
      new Database(dataSource),
      new EventStore(vocabulary, specKeys),
      vocabulary,
      new Clock(),
      doorbell,
      specKeys,
    );
    const ringing = redisUrl ? ringingQueues(redisUrl) : null;
    const bell = ringing && new BullBell(ringing.queues, createLog({ logLevel: 'silent', logFile: null }), { redisUrl: redisUrl! });
    doorbell.listen((_bucket, jobs) => {
      if (jobs.length > 0) void bell?.ring('gateway', jobs);
    });
    return new ErrandCell(testDatabase, dataSource, redisUrl, executor, bell, async () => {
      await bell?.close();
      ringing?.client.disconnect();
    });
  }

  async worker(name: string, options: Partial<ErrandWorkerOptions> = {}, faults?: FaultPlanOptions): Promise<WorkerProcess> {
    const worker = await WorkerProcess.start(
      { ...FAST, databaseUrl: this.testDatabase.url, redisUrl: this.redisUrl, ...options, name },
      faults,
    );
    this.workers.push(worker);
    return worker;
  }

  async ask(tookMs: number): Promise<Asked> {
    const errandId = newId<'errand'>();
    const startedMs = performance.now();
    await this.executor.execute(new AskErrand({ errandId, tookMs }, { actor: 'test', correlationId: errandId }));
    return { errandId, durationMs: performance.now() - startedMs };
  }

  /** Waits until the one who asks is connected to Redis, as he is not at once when Redis has been away. */
  async bellIsInReach(): Promise<void> {
    while (!(await this.bell?.room('gateway'))) await pause(20);
  }

  /** True when no job is left; false when some are after all this time. */
  async isQuiet(withinMs: number): Promise<boolean> {
    return this.becomes(`select not exists (select 1 from es.job) as met`, [], withinMs);
  }

  async becomes(condition: string, values: readonly unknown[], withinMs: number): Promise<boolean> {
    for (const endMs = performance.now() + withinMs; ; await pause(20)) {
      const [row] = await this.rows<{ met: boolean }>(condition, values);
      if (row?.met) return true;
      if (performance.now() > endMs) return false;
    }
  }

  /** The workers whose effect counted, for each errand that was asked for. */
  async effects(): Promise<Map<string, string[]>> {
    const rows = await this.rows<{ id: string; workers: string[] }>(
      `select a.stream_id as id, coalesce(array_agg(d.payload->>'worker') filter (where d.stream_id is not null), '{}') as workers
         from es.event a left join es.event d on d.bucket = a.bucket and d.stream_id = a.stream_id and d.event_type = 'ErrandDone'
        where a.event_type = 'ErrandAsked' group by a.stream_id`,
    );
    return new Map(rows.map(({ id, workers }) => [id, workers]));
  }

  rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.dataSource.query(text, [...values]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await this.closeBell();
    await this.dataSource.destroy();
    await this.testDatabase.drop();
  }
}
