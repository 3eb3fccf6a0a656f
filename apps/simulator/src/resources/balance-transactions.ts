import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { noSuch } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import { newObjectId } from '../state/object-ids.js';
import type { StripeAccount } from './stripe-account.js';

/** Money becomes available two days after it moved. */
const settlementSeconds = 2 * 86_400;

/** Stripe's usual price in the United States: 2.9 % and 30 of the minor unit, rounded to it. */
function feeOf(amount: number): number {
  return Math.min(amount, Math.round((amount * 29) / 1000) + 30);
}

/** Books a movement of the account's balance: captured charges add, refunds take away, failed refunds give back. */
export function bookMovement(
  account: StripeAccount,
  movement: { type: 'charge' | 'refund' | 'refund_failure'; amount: number; currency: string; source: string; description: string | null },
): Stripe.BalanceTransaction {
  const { type, amount, currency, source, description } = movement;
  const fee = type === 'charge' ? feeOf(amount) : 0;
  const created = account.clock.now();
  const transaction: Stripe.BalanceTransaction = {
    id: newObjectId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: created + (type === 'charge' ? settlementSeconds : 0),
    balance_type: 'payments',
    created,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: amount - fee,
    reporting_category: type,
    source,
    status: type === 'charge' ? 'pending' : 'available',
    type,
  };
  account.balanceTransactions.add(transaction);
  return transaction;
}

export function listBalanceTransactions(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.BalanceTransaction> {
  const { parameters } = request;
  const type = parameters.text('type');
  const page = pageOf(account.balanceTransactions, request, {
    owner: parameters.text('currency')?.toLowerCase(),
    parent: parameters.text('source'),
    types: type === undefined ? undefined : [type],
  });
  return { ...page, data: page.data.map((transaction) => asOfNow(account, transaction)) };
}

export function retrieveBalanceTransaction(account: StripeAccount, request: StripeRequest): Stripe.BalanceTransaction {
  const id = request.captures[0] ?? '';
  const transaction = account.balanceTransactions.find(id);
  if (transaction === undefined) throw noSuch('balance transaction', id, 'id', 404);
  return asOfNow(account, transaction);
}

function asOfNow(account: StripeAccount, transaction: Stripe.BalanceTransaction): Stripe.BalanceTransaction {
  return { ...transaction, status: transaction.available_on <= account.clock.now() ? 'available' : 'pending' };
}
