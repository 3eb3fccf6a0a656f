import type Stripe from 'stripe';
import type { EventStore } from '#event-sourcing/event-store.js';
import type { Database, Sql } from '#event-sourcing/sql.js';
import type { Vocabulary } from '#event-sourcing/vocabulary.js';
import type { Instant } from '#kernel/instant.js';

/** What is verified, and with what at hand. */
export interface Subject {
  /** One transaction in repeatable read: all checks see the same moment, while the system goes on. */
  readonly sql: Sql;
  /** The same transaction, for what asks for a database. */
  readonly database: Database;
  readonly vocabulary: Vocabulary;
  readonly store: EventStore;
  /** The moment of real time by which it is judged what is due. */
  readonly asOf: Instant;
  /** Null when no gateway is configured. */
  readonly stripe: Stripe | null;
  /** A client's journal as JSON lines (see journal.ts), or null. */
  readonly journal: string | null;
  /** Texts that must not be found in plain anywhere. */
  readonly canaries: readonly string[];
  /** Log files to look for the canaries in. */
  readonly logs: readonly string[];
  /** A log of requests and answers as JSON lines (see checks/i14-answers-are-declared.ts), or null. */
  readonly requestLog: string | null;
}

/** What is due but not done yet is no violation for so long: work is on its way. */
export const GRACE_MS = 120_000;
