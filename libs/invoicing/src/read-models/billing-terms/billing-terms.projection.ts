import { AccountChanged, AccountClosed, AccountCreated } from '#accounts/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { defaultDaysUntilDue, defaultNumberPrefix } from '../../invoice/invoice.policies.js';

/** How each account is billed: this context's own copy, written with the account's events. */
export const billingTerms = readModel([AccountCreated, AccountChanged, AccountClosed], {
  table: 'invoicing.billing_terms',
  columns: {
    currency: 'text',
    time_zone: 'text',
    number_prefix: 'text',
    days_until_due: 'integer',
    particulars_version: 'integer',
    test_clock_id: 'uuid',
    closed: 'boolean',
  },
  on: {
    AccountCreated: ({ data }) =>
      insert(data.accountId, {
        currency: data.currency,
        time_zone: data.timeZone,
        number_prefix: defaultNumberPrefix,
        days_until_due: defaultDaysUntilDue,
        particulars_version: data.particularsVersion,
        test_clock_id: data.testClockId,
        closed: false,
      }),
    AccountChanged: ({ data: { accountId, particularsVersion, changes } }) =>
      update(accountId, { particulars_version: particularsVersion, ...(changes.timeZone && { time_zone: changes.timeZone }) }),
    AccountClosed: ({ data }) => update(data.accountId, { closed: true }),
  },
});
