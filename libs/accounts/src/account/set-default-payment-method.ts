import { Command } from '#event-sourcing/command.js';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import { type AccountEvent, DefaultPaymentMethodChanged } from './account.events.js';
import { openAccount } from './account.policies.js';
import { paymentMethodNotFound } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Names the payment method that invoices are charged to. */
export class SetDefaultPaymentMethod extends Command('SetDefaultPaymentMethod')<{
  readonly accountId: AccountId;
  readonly paymentMethodId: PaymentMethodId;
}> {}

export function setDefaultPaymentMethod({ accountId, paymentMethodId }: SetDefaultPaymentMethod['data'], account: Account): AccountEvent[] {
  const { paymentMethods, defaultPaymentMethod } = openAccount(account, accountId);
  if (!paymentMethods.includes(paymentMethodId)) throw paymentMethodNotFound(`The account has no payment method ${paymentMethodId}.`);
  return defaultPaymentMethod === paymentMethodId ? [] : [new DefaultPaymentMethodChanged({ accountId, paymentMethodId })];
}
