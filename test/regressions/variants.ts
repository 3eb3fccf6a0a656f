import pg from 'pg';
import type { AnyCommand } from '#event-sourcing/command.js';
import type { AnyEvent } from '#event-sourcing/domain-event.js';
import { Engine } from '#event-sourcing/testing/engine.js';
import type { ContextDefinition, Vocabulary } from '#event-sourcing/vocabulary.js';
import { wholeVocabulary } from '../../apps/cli/src/vocabulary.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** What a variant decides instead of the system, for commands of one type. */
type Decide = (
  data: AnyCommand['data'],
  state: unknown,
  context: { readonly now: string; readonly facts?: unknown },
) => readonly AnyEvent[];

/** The system with a guard taken out: other decisions for some commands, or other reactions in a context. */
export interface Variant {
  readonly decisions?: Readonly<Record<string, Decide>>;
  readonly reactions?: Readonly<Record<string, ContextDefinition['reactions']>>;
}

/** The whole engine on a database of its own, as it is or as a variant. */
export class VariedEngine {
  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly engine: Engine,
    private readonly contexts: readonly ContextDefinition[],
    private readonly others: Engine[] = [],
  ) {}

  static async start(variant: Variant = {}): Promise<VariedEngine> {
    const testDatabase = await createTestDatabase();
    const contexts = wholeVocabulary()
      .declared()
      .map((context) => varied(context, variant));
    return new VariedEngine(testDatabase, await Engine.start({ url: testDatabase.url, contexts }), contexts);
  }

  get vocabulary(): Vocabulary {
    return this.engine.vocabulary;
  }

  /** As another worker process has it: connections of its own, and the same clock reading. */
  async another(): Promise<Engine> {
    const other = await Engine.start({ url: this.testDatabase.url, contexts: this.contexts });
    other.clock.set(this.engine.clock.now());
    this.others.push(other);
    return other;
  }

  /** As the owner of the database. */
  async owner(statements: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.testDatabase.url });
    await client.connect();
    await client.query(statements).finally(() => client.end());
  }

  async stop(): Promise<void> {
    for (const engine of [this.engine, ...this.others]) await engine.close();
    await this.testDatabase.drop();
  }
}

function varied(context: ContextDefinition, { decisions = {}, reactions = {} }: Variant): ContextDefinition {
  const deciders = context.deciders?.map((decider) => ({
    ...decider,
    decisions: decider.decisions.map((binding) => {
      const decide = decisions[binding.command.type];
      return decide ? { ...binding, decide: decide as unknown as typeof binding.decide } : binding;
    }),
  }));
  return { ...context, deciders, reactions: { ...context.reactions, ...reactions[context.name] } };
}
