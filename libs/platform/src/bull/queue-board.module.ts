import { type DynamicModule, Inject, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import type { Queue } from 'bull';
import type { RequestHandler } from 'express';
import { Authenticator } from '../auth/authenticator.js';
import { QUEUE_BOARD_PATH, superAdminsOnly } from './queue-board.js';

const BOARD = Symbol('the dashboard of the queues');

export interface QueueBoard {
  /** The module that provides the queues. */
  readonly imports?: readonly DynamicModule[];
  /** Tokens of the queues, from `queueTokens()`. */
  readonly queues: readonly string[];
  /** Answers everything below QUEUE_BOARD_PATH. */
  readonly make: (...queues: Queue[]) => RequestHandler;
}

/** Mounts a dashboard of the queues, for Super Admins only. */
@Module({})
export class QueueBoardModule implements NestModule {
  constructor(
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(BOARD) private readonly board: RequestHandler,
  ) {}

  static of({ imports = [], queues, make }: QueueBoard): DynamicModule {
    return { module: QueueBoardModule, imports: [...imports], providers: [{ provide: BOARD, inject: [...queues], useFactory: make }] };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(superAdminsOnly(this.authenticator), this.board).forRoutes(QUEUE_BOARD_PATH);
  }
}
