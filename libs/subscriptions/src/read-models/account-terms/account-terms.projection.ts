import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { AccountParked, AccountReleased } from '#payments/contract.js';

/** What starting a subscription must know of an account, and what its answer says of it: this context's own copy, written with the account's events. */
export const accountTerms = readModel([AccountCreated, AccountChanged, AccountClosed, AccountParked, AccountReleased], {
  table: 'subscriptions.account_terms',
  columns: { currency: 'text', time_zone: 'text', closed: 'boolean', hold_reason: 'text?', held_since: 'timestamptz?' },
  on: {
    AccountCreated: ({ data }) => insert(data.accountId, { currency: data.currency, time_zone: data.timeZone, closed: false }),
    AccountChanged: ({ data }) => (data.changes.timeZone ? update(data.accountId, { time_zone: data.changes.timeZone }) : []),
    AccountClosed: ({ data }) => update(data.accountId, { closed: true }),
    AccountParked: ({ data }) => update(data.accountId, { hold_reason: data.reason, held_since: data.parkedAt }),
    AccountReleased: ({ data }) => update(data.accountId, { hold_reason: null, held_since: null }),
  },
});
