import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { AccountClosed, type AccountEvent } from './account.events.js';
import { accountNotFound } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Closes an account; it can still be read, since its invoices are. */
export class CloseAccount extends Command('CloseAccount')<{ readonly accountId: AccountId }> {}

export function closeAccount({ accountId }: CloseAccount['data'], account: Account): AccountEvent[] {
  switch (account.status) {
    case 'absent':
      throw accountNotFound(`There is no account ${accountId}.`);
    case 'open':
      return [new AccountClosed({ accountId })];
    case 'closed':
    case 'erased':
      return [];
    default:
      return account satisfies never;
  }
}
