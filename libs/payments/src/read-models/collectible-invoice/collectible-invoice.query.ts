import type { AccountId, InvoiceId } from '#kernel/ids.js';
import { type Queryable, rowById, rowsOf } from '#platform/sql/row-query.js';
import { collectibleInvoice } from './collectible-invoice.projection.js';

/** Whose the invoice is, and how many attempts at it there have been; null when it was never issued. */
export async function attemptsAtInvoice(sql: Queryable, id: InvoiceId): Promise<{ accountId: AccountId; attempts: number } | null> {
  const row = await rowById<{ account_id: AccountId; attempts: number }>(sql, rowsOf(collectibleInvoice, 'id'), id);
  return row ? { accountId: row.account_id, attempts: row.attempts } : null;
}
