import { Command } from '#event-sourcing/command.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId } from '#kernel/ids.js';
import { AccountChanged, type AccountEvent, type Particulars } from './account.events.js';
import { openAccount, realChanges } from './account.policies.js';
import { currencyFixed, externalIdFixed } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Changes what is given; what is left out or undefined stays as it is. Metadata and tax ids are replaced as a whole. */
export class ChangeAccount extends Command('ChangeAccount')<{
  readonly accountId: AccountId;
  readonly changes: Partial<Particulars>;
  /** Only to be refused where it is another one than the account's. */
  readonly currency?: Currency;
}> {}

export function changeAccount({ accountId, changes: wanted, currency }: ChangeAccount['data'], account: Account): AccountEvent[] {
  const open = openAccount(account, accountId);
  if (currency !== undefined && currency !== open.currency) {
    throw currencyFixed(`The account is kept in ${open.currency}, so it cannot change to ${currency}.`, { pointer: '/currency' });
  }
  const { externalId } = open.particulars;
  if (externalId !== null && wanted.externalId !== undefined && wanted.externalId !== externalId) {
    throw externalIdFixed(`The account has the external id ${externalId}.`, { pointer: '/externalId' });
  }
  const changes = realChanges(open.particulars, wanted);
  if (Object.keys(changes).length === 0) return [];
  return [new AccountChanged({ accountId, particularsVersion: open.particularsVersion + 1, changes })];
}
