import type { DataSource } from 'typeorm';
import { accountsContext } from '#accounts/accounts.context.js';
import { catalogContext } from '#catalog/catalog.context.js';
import { Clock } from '#event-sourcing/clock.js';
import { CommandExecutor } from '#event-sourcing/command-executor.js';
import { Doorbell } from '#event-sourcing/doorbell.js';
import { EventStore } from '#event-sourcing/event-store.js';
import { Incidents } from '#event-sourcing/incidents.js';
import { Database } from '#event-sourcing/sql.js';
import { specKeys } from '#event-sourcing/testing/engine.js';
import { TimerRunner } from '#event-sourcing/timer-runner.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { invoicingContext } from '#invoicing/invoicing.context.js';
import { type Instant, instant } from '#kernel/instant.js';
import { paymentsContext } from '#payments/payments.context.js';
import { subscriptionsContext } from '#subscriptions/subscriptions.context.js';
import { usageContext } from '#usage/usage.context.js';

/** A clock that a bench sets, so that what is due is due. */
export class SetClock extends Clock {
  current: Instant = instant('2026-01-01T00:00:00Z');

  override now(): Instant {
    return this.current;
  }
}

/** The engine with every context, as the processes have it, without the framework around it. */
export function engineOn(dataSource: DataSource) {
  const vocabulary = new Vocabulary();
  for (const context of [accountsContext, catalogContext, subscriptionsContext, usageContext, invoicingContext, paymentsContext])
    vocabulary.register(context);
  const database = new Database(dataSource);
  const store = new EventStore(vocabulary, specKeys);
  const clock = new SetClock();
  const incidents = new Incidents();
  const executor = new CommandExecutor(database, store, vocabulary, clock, new Doorbell(), specKeys);
  const timers = new TimerRunner(database, executor, clock, incidents);
  return { vocabulary, database, store, clock, incidents, executor, timers };
}

export type Engine = ReturnType<typeof engineOn>;
