import { AccountCreated, DefaultPaymentMethodChanged, PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { ERASED } from '#event-sourcing/declared-fields.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { AccountParked, AccountReleased } from '../../account-hold/account-hold.events.js';

/** Who pays with what by default, and whose billing is parked. */
export const payer = readModel(
  [AccountCreated, PaymentMethodAdded, DefaultPaymentMethodChanged, PaymentMethodRemoved, AccountParked, AccountReleased],
  {
    table: 'payments.payer',
    columns: {
      default_method_id: 'uuid?',
      is_parked: 'boolean',
      parked_reason: 'text?',
      parked_details: 'text?',
      parked_at: 'timestamptz?',
      released_at: 'timestamptz?',
    },
    person: { account: 'id', columns: { parked_details: ERASED } },
    on: {
      AccountCreated: ({ data }) => insert(data.accountId, { is_parked: false }),
      PaymentMethodAdded: ({ data }) => (data.isDefault ? update(data.accountId, { default_method_id: data.paymentMethodId }) : []),
      DefaultPaymentMethodChanged: ({ data }) => update(data.accountId, { default_method_id: data.paymentMethodId }),
      PaymentMethodRemoved: ({ data }) => (data.wasDefault ? update(data.accountId, { default_method_id: null }) : []),
      AccountParked: ({ data }) =>
        update(data.accountId, { is_parked: true, parked_reason: data.reason, parked_details: data.details, parked_at: data.parkedAt }),
      AccountReleased: ({ data }) => update(data.accountId, { is_parked: false, released_at: data.releasedAt }),
    },
  },
);
