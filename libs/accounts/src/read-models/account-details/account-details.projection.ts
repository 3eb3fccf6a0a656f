import { ERASED } from '#event-sourcing/declared-fields.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { AccountParked, AccountReleased } from '#payments/contract.js';
import {
  AccountChanged,
  AccountClosed,
  AccountCreated,
  AccountErased,
  DefaultPaymentMethodChanged,
  type Particulars,
  PaymentMethodAdded,
  PaymentMethodRemoved,
} from '../../account/account.events.js';

/** What an account is now. Every event touches the row, since its version is the ETag. */
export const accountDetails = readModel(
  [
    AccountCreated,
    AccountChanged,
    PaymentMethodAdded,
    DefaultPaymentMethodChanged,
    PaymentMethodRemoved,
    AccountClosed,
    AccountErased,
    AccountParked,
    AccountReleased,
  ],
  {
    table: 'accounts.account_details',
    columns: {
      email: 'text',
      name: 'text',
      address: 'json?',
      currency: 'text',
      time_zone: 'text',
      locale: 'text?',
      country: 'text?',
      region: 'text?',
      tax_ids: 'json',
      tax_exempt: 'boolean',
      metadata: 'json',
      external_id: 'text?',
      status: 'text',
      default_payment_method_id: 'uuid?',
      test_clock_id: 'uuid?',
      created_at: 'timestamptz',
      closed_at: 'timestamptz?',
      erased_at: 'timestamptz?',
      hold_reason: 'text?',
      held_since: 'timestamptz?',
    },
    tracksVersion: true,
    person: { account: 'id', columns: { email: ERASED, name: ERASED, address: null, tax_ids: [], metadata: {}, external_id: null } },
    on: {
      AccountCreated: ({ data: { accountId, currency, testClockId, particularsVersion: _, ...particulars } }, { effectiveAt }) =>
        insert(accountId, {
          ...columnsOf(particulars),
          currency,
          status: 'ACTIVE',
          test_clock_id: testClockId,
          created_at: effectiveAt,
        }),
      AccountChanged: ({ data: { accountId, changes } }) => update(accountId, given(columnsOf(changes))),
      PaymentMethodAdded: ({ data: { accountId, paymentMethodId, isDefault } }) =>
        update(accountId, isDefault ? { default_payment_method_id: paymentMethodId } : {}),
      DefaultPaymentMethodChanged: ({ data: { accountId, paymentMethodId } }) =>
        update(accountId, { default_payment_method_id: paymentMethodId }),
      PaymentMethodRemoved: ({ data: { accountId, wasDefault } }) =>
        update(accountId, wasDefault ? { default_payment_method_id: null } : {}),
      AccountClosed: ({ data: { accountId } }, { effectiveAt }) => update(accountId, { status: 'CLOSED', closed_at: effectiveAt }),
      AccountErased: ({ data: { accountId } }, { effectiveAt }) => update(accountId, { erased_at: effectiveAt }),
      AccountParked: ({ data: { accountId, reason, parkedAt } }) => update(accountId, { hold_reason: reason, held_since: parkedAt }),
      AccountReleased: ({ data: { accountId } }) => update(accountId, { hold_reason: null, held_since: null }),
    },
  },
);

function columnsOf<P extends Partial<Particulars>>({
  email,
  name,
  address,
  timeZone,
  locale,
  country,
  region,
  taxIds,
  taxExempt,
  metadata,
  externalId,
}: P) {
  return {
    email,
    name,
    address,
    time_zone: timeZone,
    locale,
    country,
    region,
    tax_ids: taxIds,
    tax_exempt: taxExempt,
    metadata,
    external_id: externalId,
  };
}

/** Null empties a column, undefined leaves it as it is. */
function given<Columns extends object>(columns: Columns): Partial<Columns> {
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<Columns>;
}
