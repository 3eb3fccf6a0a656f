import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';

/** What starting a subscription must know of an account: this context's own copy, written with the account's events. */
export const accountTerms = readModel([AccountCreated, AccountChanged, AccountClosed], {
  table: 'subscriptions.account_terms',
  columns: { currency: 'text', time_zone: 'text', closed: 'boolean' },
  on: {
    AccountCreated: ({ data }) => insert(data.accountId, { currency: data.currency, time_zone: data.timeZone, closed: false }),
    AccountChanged: ({ data }) => (data.changes.timeZone ? update(data.accountId, { time_zone: data.changes.timeZone }) : []),
    AccountClosed: ({ data }) => update(data.accountId, { closed: true }),
  },
});
