import type { Sql } from '#event-sourcing/sql.js';
import type { AccountId } from '#kernel/ids.js';
import { bucketOf } from '#kernel/ids.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { IssueFacts, IssueInvoice } from '../invoice/issue-invoice.js';

/** How each of the accounts is billed, in one query. The commands are of one bucket. */
export async function factsForIssue(sql: Sql, commands: readonly IssueInvoice['data'][]): Promise<IssueFacts[]> {
  const accountIds = [...new Set(commands.map(({ accountId }) => accountId))];
  const rows = await sql.query<{ id: AccountId; time_zone: TimeZone; number_prefix: string; days_until_due: number }>(
    `select id, time_zone, number_prefix, days_until_due from invoicing.billing_terms where bucket = $1::smallint and id = any($2::uuid[])`,
    [bucketOf(accountIds[0]!), accountIds],
  );
  const terms = new Map(
    rows.map((row) => [row.id, { timeZone: row.time_zone, numberPrefix: row.number_prefix, daysUntilDue: row.days_until_due }]),
  );
  return commands.map(({ accountId }) => terms.get(accountId) ?? null);
}
