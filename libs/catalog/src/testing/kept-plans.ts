import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { AnyCommand, CommandMeta } from '#event-sourcing/command.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { type ReadModel, statementsFor } from '#event-sourcing/read-model.js';
import { Database } from '#event-sourcing/sql.js';
import { asked, SetClock } from '#event-sourcing/testing/engine.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, type PlanId } from '#kernel/ids.js';
import { catalogContext } from '../catalog.context.js';
import { offer } from '../plan/plan.examples.js';
import { planIdOf } from '../plan/plan.policies.js';
import { PublishPlan } from '../plan/publish-plan.js';
import { PlanDetailsTable } from '../read-models/plan-details/plan-details.js';
import { PlanDetailsQuery } from '../read-models/plan-details/plan-details.query.js';
import { PlanVersionTable } from '../read-models/plan-version/plan-version.js';
import { PlanVersionQuery } from '../read-models/plan-version/plan-version.query.js';

/** A migrated database of a spec's own. */
interface SpecDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Plans on a real, migrated PostgreSQL, written by commands as the application's role, and read by the context's queries. */
export class KeptPlans {
  readonly clock = new SetClock();
  readonly database: Database;
  readonly plans: PlanDetailsQuery;
  readonly versions: PlanVersionQuery;
  private readonly executor: CommandExecutor;

  private constructor(
    private readonly home: SpecDatabase,
    private readonly dataSource: DataSource,
  ) {
    const vocabulary = new Vocabulary();
    vocabulary.register(catalogContext);
    this.database = new Database(dataSource);
    this.executor = new CommandExecutor(this.database, new EventStore(vocabulary), vocabulary, this.clock, new Doorbell());
    this.plans = new PlanDetailsQuery(dataSource);
    this.versions = new PlanVersionQuery(dataSource);
  }

  static async open(home: SpecDatabase): Promise<KeptPlans> {
    const entities = [PlanDetailsTable, PlanVersionTable];
    const extra = { options: '-c role=perennial_app' };
    return new KeptPlans(home, await new DataSource({ type: 'postgres', url: home.url, extra, entities }).initialize());
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.home.drop();
  }

  async send<D extends object>(command: new (data: D, meta?: CommandMeta) => AnyCommand, data: D): Promise<readonly RecordedEvent[]> {
    return (await this.executor.execute(new command(data, asked))).events;
  }

  /** A new plan, with a code of its own. */
  async publish(): Promise<{ planId: PlanId; code: string; events: RecordedEvent[] }> {
    const code = `plan-${randomUUID()}`;
    const planId = planIdOf(code);
    return { planId, code, events: [...(await this.send(PublishPlan, { ...offer, planId, code }))] };
  }

  /** The rows that the events make in an empty table, written all at once. */
  async rebuilt(model: ReadModel, events: readonly RecordedEvent[]): Promise<unknown[]> {
    return this.database.transaction(async (sql) => {
      await sql.query(`create temporary table rebuilt (like ${model.table}) on commit drop`);
      for (const statement of statementsFor(model, bucketOf(events[0]!.meta.streamId), events, 'rebuilt')) await sql.run(statement);
      return sql.query('select to_json(r) as row from rebuilt r order by id');
    });
  }
}
