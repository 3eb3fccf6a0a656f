import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { CommandBus as NestCommandBus } from '@nestjs/cqrs';
import type { AnyCommand, Outcome } from './command.js';

const collecting = new AsyncLocalStorage<AnyCommand[]>();

/**
 * The one door for commands, from REST, GraphQL, the command line, timers and sagas. While the relay publishes an event,
 * the commands that sagas return are collected instead of run, so that the relay can run them durably and grouped.
 */
@Injectable()
export class CommandBus extends NestCommandBus {
  override execute(command: AnyCommand): Promise<Outcome>;
  override execute<R>(command: object): Promise<R>;
  override execute(command: object): Promise<unknown> {
    const collected = collecting.getStore();
    if (!collected) return super.execute(command as AnyCommand);
    collected.push(command as AnyCommand);
    return Promise.resolve(undefined);
  }

  /** The commands that are sent while the work runs, which must be synchronous. */
  static collect(work: () => void): AnyCommand[] {
    const commands: AnyCommand[] = [];
    collecting.run(commands, work);
    return commands;
  }
}
