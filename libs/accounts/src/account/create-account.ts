import { Command } from '#event-sourcing/command.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, TestClockId } from '#kernel/ids.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { AccountCreated, type AccountEvent, type Particulars, PaymentMethodAdded, type VerifiedPaymentMethod } from './account.events.js';
import { guessedTimeZone, paymentMethodIdOf } from './account.policies.js';
import { accountExists } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Opens an account, with its payment method where one has been verified: both are there, or neither. */
export class CreateAccount extends Command('CreateAccount')<
  Omit<Particulars, 'timeZone'> & {
    readonly accountId: AccountId;
    readonly currency: Currency;
    /** Null where it is to be guessed from the country. */
    readonly timeZone: TimeZone | null;
    readonly testClockId: TestClockId | null;
    readonly paymentMethod: VerifiedPaymentMethod | null;
  }
> {}

export function createAccount({ paymentMethod, ...command }: CreateAccount['data'], account: Account): AccountEvent[] {
  const { accountId } = command;
  switch (account.status) {
    case 'absent': {
      const created = new AccountCreated({
        ...command,
        particularsVersion: 1,
        timeZone: command.timeZone ?? guessedTimeZone(command.country),
      });
      if (!paymentMethod) return [created];
      const paymentMethodId = paymentMethodIdOf(accountId, paymentMethod);
      return [created, new PaymentMethodAdded({ accountId, paymentMethodId, ...paymentMethod, isDefault: true })];
    }
    case 'open':
    case 'closed':
    case 'erased':
      throw accountExists(`The account ${accountId} exists already.`);
    default:
      return account satisfies never;
  }
}
