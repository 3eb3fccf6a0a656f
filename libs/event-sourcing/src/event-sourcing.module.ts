import { type DynamicModule, Global, Inject, Module, type Provider, type Type } from '@nestjs/common';
import { CommandHandler, CqrsModule, EventBus, type ICommandHandler, CommandBus as NestCommandBus } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { AccountKeys } from './account-keys.js';
import { AccountTimers } from './account-timers.js';
import { Clock } from './clock.js';
import type { AnyCommand, CommandClass, Outcome } from './command.js';
import { CommandBus } from './command-bus.js';
import { CommandExecutor } from './command-executor.js';
import { Doorbell } from './doorbell.js';
import { DurableReader } from './durable-reader.js';
import { EventStore } from './event-store.js';
import { Incidents } from './incidents.js';
import { JOB_TIMING, JobRunner } from './job-runner.js';
import { JobStore } from './jobs.js';
import { MasterKeys } from './master-keys.js';
import { Relay } from './relay.js';
import { sagaFor } from './saga.js';
import { Database } from './sql.js';
import { TimerRunner } from './timer-runner.js';
import { type ContextDefinition, Vocabulary } from './vocabulary.js';

/** The durable reader that drives the relay. */
export const RELAY_READER = Symbol('relay reader');

const providers: Provider[] = [
  Vocabulary,
  Clock,
  Doorbell,
  Incidents,
  { provide: Database, useFactory: (dataSource: DataSource) => new Database(dataSource), inject: [DataSource] },
  { provide: AccountTimers, useFactory: (vocabulary: Vocabulary) => new AccountTimers(vocabulary), inject: [Vocabulary] },
  { provide: AccountKeys, useFactory: (masters: MasterKeys) => new AccountKeys(masters), inject: [MasterKeys] },
  {
    provide: EventStore,
    useFactory: (...parts: ConstructorParameters<typeof EventStore>) => new EventStore(...parts),
    inject: [Vocabulary, AccountKeys],
  },
  { provide: JobStore, useFactory: (database: Database) => new JobStore(database), inject: [Database] },
  {
    provide: CommandExecutor,
    useFactory: (...parts: ConstructorParameters<typeof CommandExecutor>) => new CommandExecutor(...parts),
    inject: [Database, EventStore, Vocabulary, Clock, Doorbell, AccountKeys],
  },
  {
    provide: Relay,
    useFactory: (...parts: ConstructorParameters<typeof Relay>) => new Relay(...parts),
    inject: [EventBus, CommandExecutor, Vocabulary],
  },
  {
    provide: RELAY_READER,
    useFactory: (...parts: ConstructorParameters<typeof DurableReader>) => new DurableReader(...parts),
    inject: [Database, EventStore, Relay, Incidents],
  },
  {
    provide: TimerRunner,
    useFactory: (...parts: ConstructorParameters<typeof TimerRunner>) => new TimerRunner(...parts),
    inject: [Database, CommandExecutor, Clock, Incidents],
  },
  {
    provide: JobRunner,
    useFactory: (...parts: ConstructorParameters<typeof JobRunner>) => new JobRunner(...parts),
    inject: [JobStore, CommandExecutor, Incidents, { token: JOB_TIMING, optional: true }],
  },
];

/** The engine, once for each process. It needs a TypeORM `DataSource`. */
@Global()
@Module({})
export class EventSourcingModule {
  static forRoot(): DynamicModule {
    const cqrs = CqrsModule.forRoot();
    // Nest hands the same instance to its EventBus, whose sagas thereby send through it.
    const bus: Provider[] = [CommandBus, { provide: NestCommandBus, useExisting: CommandBus }];
    return {
      module: EventSourcingModule,
      imports: [{ ...cqrs, providers: [...(cqrs.providers ?? []), ...bus], exports: [CommandBus, NestCommandBus] }],
      providers,
      exports: [
        Vocabulary,
        Clock,
        Doorbell,
        Incidents,
        Database,
        AccountKeys,
        EventStore,
        JobStore,
        AccountTimers,
        CommandExecutor,
        Relay,
        RELAY_READER,
        TimerRunner,
        JobRunner,
      ],
    };
  }

  /** What a context's module imports to make its decisions, reactions and read models known. */
  static forContext(context: ContextDefinition): DynamicModule {
    class ContextModule {
      constructor(vocabulary: Vocabulary) {
        vocabulary.register(context);
      }
    }
    Object.defineProperty(ContextModule, 'name', { value: `${context.name}Context` });
    Inject(Vocabulary)(ContextModule, undefined, 0);
    Module({})(ContextModule);
    const handlers = (context.deciders ?? []).flatMap((decider) => decider.decisions.map(({ command }) => handlerFor(command)));
    const sagas = Object.entries(context.reactions ?? {}).flatMap(([name, reaction]) =>
      reaction.settles === 'after' ? [sagaFor({ ...reaction, name, context: context.name })] : [],
    );
    return { module: ContextModule, providers: [...handlers, ...sagas] };
  }
}

/** A row in a decider's table is all the wiring that a command needs: its handler is made from it. */
function handlerFor(command: CommandClass): Type {
  @CommandHandler(command as unknown as Type)
  class DeciderHandler implements ICommandHandler<AnyCommand> {
    constructor(@Inject(CommandExecutor) private readonly executor: CommandExecutor) {}

    execute(given: AnyCommand): Promise<Outcome> {
      return this.executor.execute(given);
    }
  }
  Object.defineProperty(DeciderHandler, 'name', { value: `${command.type}Handler` });
  return DeciderHandler;
}
