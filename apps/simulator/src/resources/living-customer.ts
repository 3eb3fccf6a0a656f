import type Stripe from 'stripe';
import { noSuch } from '../http/stripe-failure.js';
import type { StripeAccount } from './stripe-account.js';

/** @throws StripeFailure `resource_missing` for a customer that never was or that was deleted. */
export function livingCustomer(account: StripeAccount, id: string, param: string, status: 400 | 404): Stripe.Customer {
  const customer = account.customers.find(id);
  if (customer === undefined || account.customers.isHidden(id)) throw noSuch('customer', id, param, status);
  return customer;
}
