import { AccountCreated, DefaultPaymentMethodChanged, PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';

/** Who pays with what by default. */
export const payer = readModel([AccountCreated, PaymentMethodAdded, DefaultPaymentMethodChanged, PaymentMethodRemoved], {
  table: 'payments.payer',
  columns: { default_method_id: 'uuid' },
  on: {
    AccountCreated: ({ data }) => insert(data.accountId, { default_method_id: null }),
    PaymentMethodAdded: ({ data }) => (data.isDefault ? update(data.accountId, { default_method_id: data.paymentMethodId }) : []),
    DefaultPaymentMethodChanged: ({ data }) => update(data.accountId, { default_method_id: data.paymentMethodId }),
    PaymentMethodRemoved: ({ data }) => (data.wasDefault ? update(data.accountId, { default_method_id: null }) : []),
  },
});
