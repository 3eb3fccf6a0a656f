import type { Currency } from '#kernel/currency.js';
import type { Id } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, type Queryable } from '#platform/sql/row-query.js';
import type { JournalEntry, JournalPosting, JournalRange } from './journal.js';

const ENTRIES_AT_ONCE = 500;

interface PostingRow {
  event_id: Id<'event'>;
  effective_at: Date;
  debit_account: string;
  credit_account: string;
  amount: string;
  currency: Currency;
  line_id: Id<'line'> | null;
}

export const entryPosition = ({ effectiveAt, id }: JournalEntry): Position => ({ createdAt: effectiveAt, id });

/**
 * Entries in the order of their effective time, and of their id within the same moment. The order of all is total and does
 * not change, but time on test clocks and backdating may put a new entry between old ones.
 */
export async function journalEntries(sql: Queryable, range: JournalRange, after: Position | null, limit: number): Promise<JournalEntry[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  // Every entry has a first posting, so that one row stands for each.
  const conditions = ['index = 0'];
  if (range.from) conditions.push(`effective_at >= ${bind(range.from)}::timestamptz`);
  if (range.to) conditions.push(`effective_at < ${bind(range.to)}::timestamptz`);
  if (after) conditions.push(`(effective_at, event_id) > (${bind(after.createdAt)}::timestamptz, ${bind(after.id)}::uuid)`);
  const rows = await sql.query<PostingRow>(
    `with entry as (
       select bucket, event_id from ledger.posting where ${conditions.join(' and ')} order by effective_at, event_id limit ${bind(limit)})
     select p.event_id, p.effective_at, p.debit_account, p.credit_account, p.amount, p.currency, p.line_id
       from entry join ledger.posting p on p.bucket = entry.bucket and p.event_id = entry.event_id
      order by p.effective_at, p.event_id, p.index`,
    values,
  );
  return [...Map.groupBy(rows, (row) => row.event_id)].map(([id, ofEntry]) => ({
    id,
    effectiveAt: instantOf(ofEntry[0]!.effective_at),
    postings: ofEntry.map(postingFrom),
  }));
}

function postingFrom(row: PostingRow): JournalPosting {
  const { debit_account: debitAccount, credit_account: creditAccount, line_id: lineId } = row;
  return { debitAccount, creditAccount, amount: Money.of(BigInt(row.amount), row.currency), lineId };
}

/** The whole journal of a range, some hundred entries at a time: no transaction stays open while a slow reader takes its time. */
export async function* wholeJournal(sql: Queryable, range: JournalRange): AsyncGenerator<readonly JournalEntry[]> {
  for (let after: Position | null = null; ; ) {
    const entries: JournalEntry[] = await journalEntries(sql, range, after, ENTRIES_AT_ONCE);
    if (entries.length > 0) yield entries;
    if (entries.length < ENTRIES_AT_ONCE) return;
    after = entryPosition(entries.at(-1)!);
  }
}
