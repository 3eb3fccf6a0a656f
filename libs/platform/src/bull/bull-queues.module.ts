import { BullModule, getQueueToken } from '@nestjs/bull';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bull';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Doorbell, type RungJob } from '#event-sourcing/doorbell.js';
import { jobLanes } from '#event-sourcing/job-lanes.js';
import { JobRunner } from '#event-sourcing/job-runner.js';
import { Readiness } from '../health/readiness.js';
import { LOG } from '../logging/log.js';
import { type BellOptions, BullBell } from './bull-bell.js';
import { bullBoard } from './bull-board.js';
import { QueueBoardModule } from './queue-board.module.js';
import { ringingClient } from './redis-clients.js';
import { redisAnswered } from './redis-readiness.js';
import { ringingOptions } from './ringing-queues.js';

const RINGING = Symbol('the connection that rings');

/** Bull on a Redis: rings for the jobs of every transaction of this process, and lets its worker hear them. */
@Module({})
export class BullQueuesModule implements OnModuleInit, OnApplicationShutdown {
  private unlisten: () => void = () => {};

  constructor(
    private readonly bell: BullBell,
    private readonly doorbell: Doorbell,
    private readonly jobs: JobRunner,
    private readonly readiness: Readiness,
    @Inject(RINGING) private readonly ringing: Redis,
  ) {}

  static of(options: BellOptions): DynamicModule {
    const ringing = ringingClient(options.redisUrl, () => {});
    const queues = BullModule.registerQueue(...jobLanes.map((name) => ({ name, ...ringingOptions(name, ringing) })));
    return {
      module: BullQueuesModule,
      imports: [queues, QueueBoardModule.of({ imports: [queues], queues: queueTokens(), make: bullBoard })],
      providers: [
        { provide: RINGING, useValue: ringing },
        {
          provide: BullBell,
          inject: [LOG, ...jobLanes.map((lane) => getQueueToken(lane))],
          useFactory: (log: Logger, ...made: Queue[]) =>
            new BullBell(new Map(jobLanes.map((lane, index) => [lane, made[index]!])), log, options),
        },
      ],
      exports: [BullBell],
    };
  }

  onModuleInit(): void {
    this.jobs.bell = this.bell;
    this.unlisten = this.doorbell.listen((_bucket, jobs) => this.ring(jobs));
    this.readiness.register(redisAnswered(this.ringing));
  }

  async onApplicationShutdown(): Promise<void> {
    this.unlisten();
    await this.bell.close();
    this.ringing.disconnect();
  }

  /** Nobody waits for it: a command is done whether its jobs were rung for or not. */
  private ring(jobs: readonly RungJob[]): void {
    const byLane = Map.groupBy(jobs, ({ kind }) => this.jobs.laneOf(kind));
    for (const [lane, rung] of byLane) if (lane) void this.bell.ring(lane, rung);
  }
}

const queueTokens = (): string[] => jobLanes.map((lane) => getQueueToken(lane));
