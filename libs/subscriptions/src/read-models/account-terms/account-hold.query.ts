import { type AccountId, bucketOf } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { instantOf, type Queryable } from '#platform/sql/row-query.js';

/** Why the billing of an account stands still, and since when. */
export interface AccountHold {
  readonly reason: string;
  readonly since: Instant;
}

/** The holds of the accounts, in their order; null where billing goes on. */
export async function accountHolds(sql: Queryable, accountIds: readonly AccountId[]): Promise<(AccountHold | null)[]> {
  const rows = await sql.query<{ id: AccountId; hold_reason: string; held_since: Date }>(
    `select t.id, t.hold_reason, t.held_since
       from (select distinct * from unnest($1::smallint[], $2::uuid[])) as k (bucket, id)
       join subscriptions.account_terms t on t.bucket = k.bucket and t.id = k.id where t.hold_reason is not null`,
    [accountIds.map(bucketOf), accountIds],
  );
  const holds = new Map(rows.map((row) => [row.id, { reason: row.hold_reason, since: instantOf(row.held_since) }]));
  return accountIds.map((id) => holds.get(id) ?? null);
}
