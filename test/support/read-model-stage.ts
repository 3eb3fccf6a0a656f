import type { AnyCommand, CommandMeta, Outcome } from '#event-sourcing/command.js';
import type { ReadModel } from '#event-sourcing/read-model.js';
import { compareWithReplay, type Deviation } from '#event-sourcing/rebuild.js';
import { Database } from '#event-sourcing/sql.js';
import { connect, Engine } from '#event-sourcing/testing/engine.js';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

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
