import type { Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';

/** One amount that moved from one ledger account to another. */
export interface JournalPosting {
  readonly debitAccount: string;
  readonly creditAccount: string;
  /** Above zero. */
  readonly amount: Money;
  /** The line of an invoice that it is for. */
  readonly lineId: Id<'line'> | null;
}

/** What the books took from one event. It is written at once, so an entry is seen whole or not at all. */
export interface JournalEntry {
  readonly id: Id<'event'>;
  readonly effectiveAt: Instant;
  readonly postings: readonly JournalPosting[];
}

/** Half-open, `[from, to)`; null is without end. */
export interface JournalRange {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

/** Writes a journal as text, piece by piece, in order. */
export interface JournalWriter {
  readonly header: string;
  write(entries: readonly JournalEntry[]): string;
}
