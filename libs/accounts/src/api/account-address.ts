import type { Queries } from '#event-sourcing/sql.js';
import type { AccountId } from '#kernel/ids.js';
import { addressed } from '#platform/http/external-id.js';
import { accountNotFound } from '../account/account.refusals.js';

/** The account that an address names, by its id or by `ext:` and its external id. */
export async function accountAt(sql: Queries, address: string): Promise<AccountId> {
  const accountId = await addressed(sql, 'account', address);
  if (!accountId) throw accountNotFound(`There is no account ${address}.`);
  return accountId;
}
