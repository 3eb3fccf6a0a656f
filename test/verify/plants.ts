import { Clock } from '#event-sourcing/clock.js';
import type { AnyCommand } from '#event-sourcing/command.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { AnyEvent } from '#event-sourcing/domain-event.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import type { Database, Sql } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { Transaction } from '#event-sourcing/transaction.js';
import { type ContextDefinition, Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, type Id, newId } from '#kernel/ids.js';
import { wholeVocabulary } from '../../apps/cli/src/vocabulary.js';

/** A bug in a decision: it may change what is decided, or decide what should have been refused. */
export type Bug = (decide: () => readonly AnyEvent[]) => readonly AnyEvent[];

/**
 * Executes commands in the transaction with a system that has bugs in the decisions of some commands, and is otherwise the real
 * one: whatever follows from them is written as always, so that only the bug itself is to be found.
 */
export async function withBugs(
  sql: Sql,
  database: Database,
  bugs: Readonly<Record<string, Bug>>,
  ...commands: readonly AnyCommand[]
): Promise<void> {
  const vocabulary = new Vocabulary();
  for (const context of wholeVocabulary().declared()) vocabulary.register(buggy(context, bugs));
  const executor = new CommandExecutor(database, new EventStore(vocabulary, specKeys), vocabulary, new Clock(), new Doorbell(), specKeys);
  for (const { type, data } of commands) {
    const command = new (vocabulary.commandClass(type))(data, { actor: 'spec', correlationId: newId() });
    const bucket = bucketOf(vocabulary.bindingOf(type).stream(data));
    const [result] = await executor.executeIn(new Transaction(sql, bucket), [command]);
    if ('error' in result!) throw result.error;
  }
}

function buggy(context: ContextDefinition, bugs: Readonly<Record<string, Bug>>): ContextDefinition {
  const deciders = context.deciders?.map((decider) => ({
    ...decider,
    decisions: decider.decisions.map((binding) => {
      const bug = bugs[binding.command.type];
      if (!bug) return binding;
      const decide: typeof binding.decide = (data, state, facts) => bug(() => binding.decide(data, state, facts));
      return { ...binding, decide };
    }),
  }));
  return { ...context, deciders };
}

/** Changes stored events, which nobody may, past the triggers that refuse it. */
export async function tamper(sql: Sql, statement: string, values: readonly unknown[] = []): Promise<void> {
  const partitions = Array.from({ length: 8 }, (_, part) => `es.event_${part}`);
  for (const partition of partitions) await sql.query(`alter table ${partition} disable trigger all`);
  await sql.query(statement, values);
}

/** The first id that a query finds. */
export async function idOf<Kind extends string>(sql: Sql, query: string): Promise<Id<Kind>> {
  const [row] = await sql.query<{ id: Id<Kind> }>(query);
  if (!row) throw new Error(`The portfolio has nothing for: ${query}`);
  return row.id;
}
