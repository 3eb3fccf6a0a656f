import type { FactsRequest } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { ReleaseAccount, ReleaseFacts } from '../account-hold/release-account.js';

interface WithheldRow {
  id: InvoiceId;
  account_id: AccountId;
  due_amount: string;
  currency: Currency;
  issued_at: Date;
}

/** The invoices of each account that were not collected while it was parked, oldest first. */
export async function releaseFacts(sql: Sql, requests: readonly FactsRequest<ReleaseAccount>[], bucket: number): Promise<ReleaseFacts[]> {
  const accountIds = requests.map(({ data: { accountId } }) => accountId);
  const rows = await sql.query<WithheldRow>(
    `select id, account_id, due_amount, currency, issued_at from payments.collectible_invoice
      where bucket = $1::smallint and account_id = any($2::uuid[]) and is_withheld and is_open order by issued_at, id`,
    [bucket, accountIds],
  );
  return accountIds.map((accountId) => ({
    withheld: rows
      .filter((row) => row.account_id === accountId)
      .map((row) => ({
        invoiceId: row.id,
        amount: Money.of(BigInt(row.due_amount), row.currency),
        issuedAt: fromEpochMs(row.issued_at.getTime()),
      })),
  }));
}
