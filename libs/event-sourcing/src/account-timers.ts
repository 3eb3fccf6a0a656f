import type { AccountId } from '#kernel/ids.js';
import type { Sql } from './sql.js';
import type { Vocabulary } from './vocabulary.js';

/** The timers of one account that bill: held and let go in the transaction of whoever decides it. */
export class AccountTimers {
  constructor(private readonly vocabulary: Vocabulary) {}

  /** Sets them aside. The reason tells which ones to put back. */
  async hold(sql: Sql, accountId: AccountId, reason: string): Promise<void> {
    await sql.run({
      text: `update es.timer set set_aside_at = now(), set_aside_reason = $2
              where account_id = $1::uuid and set_aside_at is null and name = any($3::text[])`,
      values: [accountId, reason, this.vocabulary.billingTimers()],
    });
  }

  /** Puts back those that were set aside for one of the reasons, by `hold` or since their run was not admitted. */
  async putBack(sql: Sql, accountId: AccountId, reasons: readonly string[]): Promise<void> {
    await sql.run({
      text: `update es.timer set set_aside_at = null, set_aside_reason = null where account_id = $1::uuid and set_aside_reason = any($2::text[])`,
      values: [accountId, reasons],
    });
  }
}
