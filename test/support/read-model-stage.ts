import { type AnyCommand, Command, type CommandMeta, type Outcome } from '#event-sourcing/command.js';
import { on } from '#event-sourcing/decider.js';
import type { AnyEvent, EventClass } from '#event-sourcing/domain-event.js';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { compareWithReplay } from '#event-sourcing/rebuild.js';
import type { Deviation } from '#event-sourcing/replayed-bucket.js';
import { Database } from '#event-sourcing/sql.js';
import { connect, Engine } from '#event-sourcing/testing/engine.js';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import type { Id } from '#kernel/ids.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A history that is told, not decided. */
class Tell extends Command('Tell')<{ readonly streamId: Id; readonly events: readonly AnyEvent[] }> {}

/** Contexts on a real, migrated PostgreSQL of their own: commands write as the application's role does. */
export class ReadModelStage {
  private constructor(
    private readonly home: TestDatabase,
    private readonly engine: Engine,
    private readonly owner: Database,
  ) {}

  static async open(...contexts: readonly ContextDefinition[]): Promise<ReadModelStage> {
    const home = await createTestDatabase();
    const engine = await Engine.start({ url: home.url, contexts });
    return new ReadModelStage(home, engine, new Database(await connect({ url: home.url, role: null, connections: 2 })));
  }

  /** One read model alone, with the events it hears; `tell` records them, whichever context would decide them. */
  static hearing(model: ReadModel, events: readonly EventClass[]): Promise<ReadModelStage> {
    const decisions = [on(Tell, { stream: ({ streamId }) => streamId, decide: (told) => told.events })];
    const teller = { category: 'told', events, accountOf: () => null, initialState: null, evolve: () => null, decisions };
    return ReadModelStage.open({ name: 'told', deciders: [teller], readModels: [model] });
  }

  /** Records the events, each in a transaction of its own. */
  async tell(streamId: Id, ...events: readonly AnyEvent[]): Promise<void> {
    for (const event of events) await this.send(Tell, { streamId, events: [event] });
  }

  get database(): Database {
    return this.engine.database;
  }

  /** What commands without a test clock take for the time. */
  setClock(now: string): void {
    this.engine.clock.set(now);
  }

  send<D extends object>(command: new (data: D, meta?: CommandMeta) => AnyCommand, data: D): Promise<Outcome> {
    return this.engine.send(command, data);
  }

  /** Rows that are not what a replay of the whole log makes: none, where each change was written as it is rebuilt. */
  deviations(model: ReadModel): Promise<Deviation[]> {
    return compareWithReplay(this.owner, this.engine.store, model);
  }

  async close(): Promise<void> {
    await this.owner.dataSource.destroy();
    await this.engine.close();
    await this.home.drop();
  }
}
