import type { AccountId } from '#kernel/ids.js';
import { type Queryable, rowById } from '#platform/sql/row-query.js';
import { type AccountRow, accountRows } from './account-details.query.js';

/** How to address whoever owns an account: asked for at the moment of use, so that no other context keeps a person's name. */
export class AccountContacts {
  constructor(private readonly database: Queryable) {}

  async find(accountId: AccountId): Promise<{ readonly email: string; readonly name: string } | null> {
    const row = await rowById<AccountRow>(this.database, accountRows, accountId);
    return row ? { email: row.email, name: row.name } : null;
  }
}
