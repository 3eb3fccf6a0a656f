import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { DurableReader } from '#event-sourcing/durable-reader.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { JobRunner, type JobTiming } from '#event-sourcing/job-runner.js';
import { type ClaimedJob, JobStore } from '#event-sourcing/jobs.js';
import { Database, type Sql } from '#event-sourcing/sql.js';
import type { SweepTiming } from '#event-sourcing/sweeper.js';
import { TestClockRunner } from '#event-sourcing/test-clock-runner.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { Worker } from '#event-sourcing/worker.js';
import { installFaultsFrom } from '#kernel/fault-plan.js';
import { BullBell } from '#platform/bull/bull-bell.js';
import { ringingQueues } from '#platform/bull/ringing-queues.js';
import { connectionOptions } from '#platform/database/connection.js';
import { createLog } from '#platform/logging/log.js';
import { ERRAND, type ErrandId, errandsContext, RecordErrand } from './errands.context.js';

export interface ErrandWorkerOptions {
  readonly name: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly timing: JobTiming;
  readonly sweeping: SweepTiming;
  readonly goneAfterMs: number;
  readonly patienceMs: number;
  /** False takes the guard away: an effect counts although the lease has passed to another worker. */
  readonly fenced: boolean;
}

/** What the control runs with: it removes the job whoever holds it, and minds nothing when it is gone. */
class UnfencedJobs extends JobStore {
  override async finish(sql: Sql, { bucket, id }: ClaimedJob): Promise<void> {
    await sql.query('delete from es.job where bucket = $1::smallint and id = $2::uuid', [bucket, id]);
  }
}

/** The jobs of a worker process, with the engine and Bull as they are, and errands instead of payments. */
export async function runErrandWorker(options: ErrandWorkerOptions): Promise<{ stop(): Promise<void> }> {
  const dataSource = await new DataSource({ ...connectionOptions(options.databaseUrl, 10), poolErrorHandler: () => {} }).initialize();
  const database = new Database(dataSource);
  const vocabulary = new Vocabulary();
  vocabulary.register(errandsContext);
  const [clock, doorbell, incidents, store] = [new Clock(), new Doorbell(), new Incidents(), new EventStore(vocabulary, specKeys)];
  const executor = new CommandExecutor(database, store, vocabulary, clock, doorbell, specKeys);
  const jobStore = options.fenced ? new JobStore(database) : new UnfencedJobs(database);
  const jobs = new JobRunner(jobStore, executor, incidents, options.timing);
  jobs.register({
    kind: ERRAND,
    lane: 'gateway',
    run: async (job, finish) => {
      await pause(Number(job.payload.tookMs));
      const errandId = job.payload.errandId as ErrandId;
      await finish(new RecordErrand({ errandId, worker: options.name }, { actor: 'job', correlationId: errandId }));
    },
  });
  const { redisUrl, goneAfterMs } = options;
  const ringing = redisUrl === null ? null : ringingQueues(redisUrl);
  const bell =
    ringing && new BullBell(ringing.queues, createLog({ logLevel: 'silent', logFile: null }), { redisUrl: redisUrl!, goneAfterMs });
  jobs.bell = bell;
  const timers = new TimerRunner(database, executor, clock, incidents);
  const reader = new DurableReader(database, store, { name: 'errands', handle: async () => {} });
  const clocks = new TestClockRunner(database, timers, reader, jobs, async () => {});
  const worker = new Worker({ timers, readers: [], jobs, clocks, doorbell, incidents, sweeping: options.sweeping });
  worker.start();
  return {
    stop: async () => {
      await worker.stop(options.patienceMs);
      await bell?.close();
      ringing?.client.disconnect();
      await dataSource.destroy();
    },
  };
}

/** As a process: its options are the first argument; it says `ready`, and SIGTERM ends it. */
if (process.argv[2]?.startsWith('{')) {
  installFaultsFrom(process.env);
  const running = await runErrandWorker(JSON.parse(process.argv[2]) as ErrandWorkerOptions);
  // Whoever started it is gone.
  process.once('disconnect', () => process.exit(1));
  process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
  process.send?.('ready');
}
