import type { StripeAccount } from './stripe-account.js';

function lookup(account: StripeAccount, id: string): object | undefined {
  switch (id.slice(0, id.indexOf('_'))) {
    case 'cus':
      return account.customers.isHidden(id) ? { id, object: 'customer', deleted: true } : account.customers.find(id);
    case 'pm':
      return account.paymentMethods.find(id);
    case 'pi':
      return account.paymentIntents.find(id);
    case 'ch':
      return account.charges.find(id);
    case 're':
      return account.refunds.find(id);
    case 'txn':
      return account.balanceTransactions.find(id);
    default:
      return undefined;
  }
}

/** Replaces ids by what they name along each of the paths of `expand`: `latest_charge.balance_transaction`, `data.customer`. */
export function expanded(account: StripeAccount, answer: object, paths: string[] | undefined): object {
  return (paths ?? []).reduce((result, path) => expandOne(account, result, path.split('.')), answer);
}

function expandOne(account: StripeAccount, value: object, path: string[]): object {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.map((item: object) => expandOne(account, item, path));
  const inner: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  const found = typeof inner === 'string' ? lookup(account, inner) : inner;
  if (typeof found !== 'object' || found === null) return value;
  return { ...value, [name]: expandOne(account, found, rest) };
}
