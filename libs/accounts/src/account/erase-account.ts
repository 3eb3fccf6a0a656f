import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { AccountErased, type AccountEvent } from './account.events.js';
import { accountNotClosed, accountNotFound } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Erases the person behind a closed account. The account, its invoices and the books stay, without a name. */
export class EraseAccount extends Command('EraseAccount')<{ readonly accountId: AccountId; readonly reason: string }> {}

export function eraseAccount({ accountId, reason }: EraseAccount['data'], account: Account): AccountEvent[] {
  switch (account.status) {
    case 'absent':
      throw accountNotFound(`There is no account ${accountId}.`);
    case 'open':
      throw accountNotClosed(`The account ${accountId} is open.`);
    case 'closed':
      return [new AccountErased({ accountId, reason })];
    case 'erased':
      return [];
    default:
      return account satisfies never;
  }
}
