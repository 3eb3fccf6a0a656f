import { type AccountId, bucketOf } from '#kernel/ids.js';
import type { Queryable } from '#platform/sql/row-query.js';

/** How to address whoever owns an account: asked for at the moment of use, so that no other context keeps a person's name. */
export class AccountContacts {
  constructor(private readonly database: Queryable) {}

  async find(accountId: AccountId): Promise<{ readonly email: string; readonly name: string } | null> {
    const [row] = await this.database.query<{ email: string; name: string }>(
      'select email, name from accounts.account_details where bucket = $1::smallint and id = $2::uuid and erased_at is null',
      [bucketOf(accountId), accountId],
    );
    return row ?? null;
  }
}
