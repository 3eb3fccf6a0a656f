import type { Id } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import type { AnyEvent, EventClass, EventContext, EventOf } from './domain-event.js';

/**
 * One amount moving from one ledger account to another: balanced by construction. `from` is credited, `to` is debited. What reverses
 * another posting moves the same way back: `from` and `to` change places, and the amount stays above zero.
 */
export interface LedgerPosting {
  readonly from: string;
  readonly to: string;
  readonly amount: Money;
  /** The line of a document that it is for: revenue is recognised by line. */
  readonly lineId?: Id<'charge'>;
}

/** What the books take from a context's own events, as a pure function. */
export interface Postings {
  readonly hears: readonly EventClass[];
  readonly postingsOf: (event: AnyEvent, meta: EventContext) => readonly LedgerPosting[];
}

export function postings<const Classes extends readonly EventClass[]>(
  hears: Classes,
  postingsOf: (event: EventOf<Classes>, meta: EventContext) => readonly LedgerPosting[],
): Postings {
  return { hears, postingsOf: postingsOf as Postings['postingsOf'] };
}
