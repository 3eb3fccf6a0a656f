import { type BeforeApplicationShutdown, Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import type { DurableReader } from '#event-sourcing/durable-reader.js';
import { RELAY_READER } from '#event-sourcing/event-sourcing.module.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Database } from '#event-sourcing/sql.js';
import { TestClockRunner } from '#event-sourcing/test-clock-runner.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { type Duty, Worker } from '#event-sourcing/worker.js';
import { keepEventTables } from '#metering/event-tables.js';
import { Config } from '#platform/config/config.js';
import { LOG } from '#platform/logging/log.js';
import { arriveAt } from '#test-clocks/contract.js';

const HOUR_MS = 3_600_000;

function keepingEventTables(database: Database, retentionMonths: number, log: Logger): Duty {
  return {
    name: 'usage-event-tables',
    everyMs: HOUR_MS,
    run: async () => {
      for (const change of await keepEventTables(database, retentionMonths)) log.info(change, 'usage event table');
    },
  };
}

/** The parts of a worker, not yet running. They need the contexts beside them. */
@Module({
  providers: [
    {
      provide: TestClockRunner,
      inject: [Database, TimerRunner, RELAY_READER, JobRunner, CommandBus],
      useFactory: (database: Database, timers: TimerRunner, relay: DurableReader, jobs: JobRunner, commands: CommandBus) =>
        new TestClockRunner(database, timers, relay, jobs, arriveAt(commands)),
    },
    {
      provide: Worker,
      inject: [TimerRunner, RELAY_READER, JobRunner, TestClockRunner, Doorbell, Incidents, Database, Config, LOG],
      useFactory: (
        timers: TimerRunner,
        relay: DurableReader,
        jobs: JobRunner,
        clocks: TestClockRunner,
        doorbell: Doorbell,
        incidents: Incidents,
        database: Database,
        config: Config,
        log: Logger,
      ) => {
        const duties = [keepingEventTables(database, config.usageRetentionMonths, log)];
        return new Worker({ timers, readers: [relay], jobs, clocks, doorbell, incidents, duties });
      },
    },
  ],
  exports: [Worker, TestClockRunner],
})
export class WorkerPartsModule {}

/** Runs what is due and follows what has happened, from the application's start to its end. */
@Module({ imports: [WorkerPartsModule] })
export class WorkerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private unlisten: () => void = () => {};

  constructor(
    private readonly worker: Worker,
    private readonly incidents: Incidents,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.unlisten = this.incidents.listen(({ what, details, error }) => this.log.error({ err: error, ...details }, what));
    this.worker.start();
  }

  /** Before the connections close, on which the work under way depends. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.stop();
    this.unlisten();
  }
}
