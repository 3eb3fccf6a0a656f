import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { type AccountEvent, DefaultPaymentMethodChanged, PaymentMethodAdded, type VerifiedPaymentMethod } from './account.events.js';
import { MAX_PAYMENT_METHODS, openAccount, paymentMethodIdOf } from './account.policies.js';
import { tooManyPaymentMethods } from './account.refusals.js';
import type { Account } from './account.state.js';

/** Adds a payment method that the gateway has verified. The first one of an account is its default. */
export class AddPaymentMethod extends Command('AddPaymentMethod')<{
  readonly accountId: AccountId;
  readonly paymentMethod: VerifiedPaymentMethod;
  readonly makeDefault: boolean;
}> {}

export function addPaymentMethod({ accountId, paymentMethod, makeDefault }: AddPaymentMethod['data'], account: Account): AccountEvent[] {
  const { paymentMethods, defaultPaymentMethod } = openAccount(account, accountId);
  const paymentMethodId = paymentMethodIdOf(accountId, paymentMethod);
  if (paymentMethods.includes(paymentMethodId)) {
    return makeDefault && defaultPaymentMethod !== paymentMethodId ? [new DefaultPaymentMethodChanged({ accountId, paymentMethodId })] : [];
  }
  if (paymentMethods.length >= MAX_PAYMENT_METHODS) {
    throw tooManyPaymentMethods(`The account has ${paymentMethods.length} payment methods, and no account has more.`);
  }
  const isDefault = makeDefault || defaultPaymentMethod === null;
  return [new PaymentMethodAdded({ accountId, paymentMethodId, ...paymentMethod, isDefault })];
}
