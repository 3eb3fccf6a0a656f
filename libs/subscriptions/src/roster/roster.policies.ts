import { type AccountId, derivedId, type Id } from '#kernel/ids.js';

/** An account has one roster, which is there as soon as the account is. */
export function rosterOf(accountId: AccountId): Id<'roster'> {
  return derivedId(accountId, 'roster');
}
