import { Inject, Injectable } from '@nestjs/common';
import type { AccountId } from '#kernel/ids.js';
import type { LoaderRegistry } from '#platform/graphql/loaders.js';
import type { AccountDetails } from '../read-models/account-details/account-details.js';
import { AccountDetailsQuery } from '../read-models/account-details/account-details.query.js';

/** Accounts for GraphQL: however many are asked for in one round, they are one query. */
@Injectable()
export class AccountLoader {
  constructor(@Inject(AccountDetailsQuery) private readonly accounts: AccountDetailsQuery) {}

  /** Null for an account that does not exist. */
  load(loaders: LoaderRegistry, id: AccountId): Promise<AccountDetails | null> {
    return loaders.for<AccountId, AccountDetails | null>('accountById', (ids) => this.accounts.byIds(ids)).load(id);
  }
}
