import type { FactsRequest } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { AccountId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import type { IssuedFacts, KeepBillingRecord } from '../billing-record/keep-billing-record.js';

/** When the last invoice of each account was issued. */
export async function issuedFacts(sql: Sql, requests: readonly FactsRequest<KeepBillingRecord>[], bucket: number): Promise<IssuedFacts[]> {
  const accountIds = requests.map(({ data }) => data.accountId);
  const rows = await sql.query<{ account_id: AccountId; last: Date }>(
    `select account_id, max(issued_at) as last from invoicing.invoice_details
      where bucket = $1::smallint and account_id = any($2::uuid[]) and issued_at is not null group by account_id`,
    [bucket, accountIds],
  );
  const last = new Map(rows.map((row) => [row.account_id, fromEpochMs(row.last.getTime())]));
  return accountIds.map((accountId) => ({ lastIssuedAt: last.get(accountId) ?? null }));
}
