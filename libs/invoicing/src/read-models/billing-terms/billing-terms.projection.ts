import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { ignored, insert, readModel, update } from '#event-sourcing/read-model.js';
import { defaultDaysUntilDue, defaultNumberPrefix } from '../../invoice/invoice.policies.js';

/** How each account is billed: this context's own copy, written with the account's events. */
export const billingTerms = readModel([AccountCreated, AccountChanged, AccountClosed], {
  table: 'invoicing.billing_terms',
  columns: { time_zone: 'text', number_prefix: 'text', days_until_due: 'integer' },
  on: {
    AccountCreated: ({ data }) =>
      insert(data.accountId, { time_zone: data.timeZone, number_prefix: defaultNumberPrefix, days_until_due: defaultDaysUntilDue }),
    AccountChanged: ({ data }) => (data.changes.timeZone ? update(data.accountId, { time_zone: data.changes.timeZone }) : []),
    AccountClosed: ignored,
  },
});
