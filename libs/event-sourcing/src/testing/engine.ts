import { hash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { type Instant, instant } from '#kernel/instant.js';
import { AccountKeys } from '../account-keys.js';
import { AccountTimers } from '../account-timers.js';
import { Clock } from '../clock.js';
import type { AnyCommand, CommandMeta, Outcome } from '../command.js';
import { CommandExecutor } from '../command-executor.js';
import { Doorbell } from '../doorbell.js';
import { DurableReader, type Reader } from '../durable-reader.js';
import { EventStore } from '../event-store.js';
import { type Incident, Incidents } from '../incidents.js';
import { JobRunner } from '../job-runner.js';
import { JobStore } from '../jobs.js';
import { MasterKeys } from '../master-keys.js';
import { Database } from '../sql.js';
import { TimerRunner } from '../timer-runner.js';
import { type ContextDefinition, Vocabulary } from '../vocabulary.js';
import { TEST_MASTER_KEY } from './master-key.js';

/** The keys of accounts, under a master key of specifications. */
/** The same keys for the same accounts, so that what two databases hold can be compared to the byte. */
export const specKeys = new AccountKeys(new MasterKeys([Buffer.from(TEST_MASTER_KEY, 'base64')]), (accountId, purpose) =>
  hash('sha256', `${accountId}/${purpose}`, 'buffer'),
);

/** A clock that stands still until it is set. */
export class SetClock extends Clock {
  constructor(private shown: Instant = instant('2026-01-31T12:00:00Z')) {
    super();
  }

  override now(): Instant {
    return this.shown;
  }

  set(now: string): void {
    this.shown = instant(now);
  }
}

export interface EngineOptions {
  readonly url: string;
  readonly contexts: readonly ContextDefinition[];
  /** Acts as this role; the owner of the database when it is null. */
  readonly role?: string | null;
  readonly connections?: number;
  readonly name?: string;
}

/** Connects to a database, by default as the role that serving processes have. */
export async function connect({
  url,
  role = 'perennial_app',
  connections = 20,
  name = 'spec',
}: Omit<EngineOptions, 'contexts'>): Promise<DataSource> {
  const options = role === null ? undefined : `-c role=${role}`;
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    applicationName: name,
    // A backend that a spec kills while it is idle is no news.
    poolErrorHandler: () => {},
    extra: { options, max: connections, pipeline: true },
  });
  return dataSource.initialize();
}

/** The whole engine without Nest, over a database of a spec. */
export class Engine {
  readonly vocabulary = new Vocabulary();
  readonly clock = new SetClock();
  readonly doorbell = new Doorbell();
  readonly incidents = new Incidents();
  readonly reported: Incident[] = [];
  readonly database: Database;
  readonly store: EventStore;
  readonly executor: CommandExecutor;
  readonly timers: TimerRunner;
  readonly accountTimers: AccountTimers;
  readonly jobStore: JobStore;
  readonly jobs: JobRunner;

  private constructor(
    readonly dataSource: DataSource,
    contexts: readonly ContextDefinition[],
  ) {
    for (const context of contexts) this.vocabulary.register(context);
    this.incidents.listen((incident) => this.reported.push(incident));
    this.database = new Database(dataSource);
    this.store = new EventStore(this.vocabulary, specKeys);
    this.executor = new CommandExecutor(this.database, this.store, this.vocabulary, this.clock, this.doorbell, specKeys);
    this.timers = new TimerRunner(this.database, this.executor, this.clock, this.incidents);
    this.accountTimers = new AccountTimers(this.vocabulary);
    this.jobStore = new JobStore(this.database);
    this.jobs = this.jobRunner();
  }

  static async start(options: EngineOptions): Promise<Engine> {
    return new Engine(await connect(options), options.contexts);
  }

  /** Sends a command as a spec does, which has nothing to say about who asks. */
  send<D extends object>(
    command: new (data: D, meta?: CommandMeta) => AnyCommand,
    data: D,
    meta: Partial<CommandMeta> = {},
  ): Promise<Outcome> {
    return this.executor.execute(new command(data, { ...asked, ...meta }));
  }

  reader(reader: Reader): DurableReader {
    return new DurableReader(this.database, this.store, reader);
  }

  /** A runner as another worker process has it. */
  jobRunner(): JobRunner {
    return new JobRunner(this.jobStore, this.executor, this.incidents);
  }

  rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.database.query<Row>(text, values);
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }
}

export const asked: CommandMeta = { actor: 'spec', correlationId: 'spec' };
