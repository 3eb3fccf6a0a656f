import type { Currency } from '#kernel/currency.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Queryable } from '#platform/sql/row-query.js';
import type { AccountSums } from './trial-balance.js';

interface SumsRow {
  currency: Currency;
  account: string;
  debit: string;
  credit: string;
}

/** What was debited and credited to every account up to and including an instant, or at all; ordered by currency and account. */
export async function accountSums(sql: Queryable, at: Instant | null): Promise<AccountSums[]> {
  const rows = await sql.query<SumsRow>(
    `select currency, side.account, sum(side.debit)::text as debit, sum(side.credit)::text as credit
       from ledger.posting
      cross join lateral (values (debit_account, amount, 0::bigint), (credit_account, 0::bigint, amount)) as side (account, debit, credit)
      where effective_at <= coalesce($1::timestamptz, 'infinity')
      group by currency, side.account
      order by currency collate "C", side.account collate "C"`,
    [at],
  );
  return rows.map(({ currency, account, debit, credit }) => ({
    account,
    debit: Money.of(BigInt(debit), currency),
    credit: Money.of(BigInt(credit), currency),
  }));
}
