import { Command } from '#event-sourcing/command.js';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import { type AccountEvent, DefaultPaymentMethodChanged, PaymentMethodRemoved } from './account.events.js';
import { openAccount } from './account.policies.js';
import { paymentMethodNotFound } from './account.refusals.js';
import type { Account } from './account.state.js';

/**
 * Takes a payment method away. Where it was the default, the one added last takes its place, so that the next invoice of
 * an account that has any method is never left without one.
 */
export class RemovePaymentMethod extends Command('RemovePaymentMethod')<{
  readonly accountId: AccountId;
  readonly paymentMethodId: PaymentMethodId;
}> {}

export function removePaymentMethod({ accountId, paymentMethodId }: RemovePaymentMethod['data'], account: Account): AccountEvent[] {
  const { paymentMethods, defaultPaymentMethod } = openAccount(account, accountId);
  if (!paymentMethods.includes(paymentMethodId)) throw paymentMethodNotFound(`The account has no payment method ${paymentMethodId}.`);
  const wasDefault = defaultPaymentMethod === paymentMethodId;
  const removed = new PaymentMethodRemoved({ accountId, paymentMethodId, wasDefault });
  const successor = paymentMethods.filter((known) => known !== paymentMethodId).at(-1);
  if (!wasDefault || !successor) return [removed];
  return [removed, new DefaultPaymentMethodChanged({ accountId, paymentMethodId: successor })];
}
