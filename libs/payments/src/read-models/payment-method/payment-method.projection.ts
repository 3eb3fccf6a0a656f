import { PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { insert, readModel, remove, update } from '#event-sourcing/read-model.js';

/** The gateway's names of payment methods. One that was removed stays, so that it can be taken from the gateway too. */
export const paymentMethod = readModel([PaymentMethodAdded, PaymentMethodRemoved], {
  table: 'payments.payment_method',
  columns: { account_id: 'uuid', gateway: 'text', customer_id: 'text', method_id: 'text', added_in: 'bigint', is_attached: 'boolean' },
  on: {
    // The same method may be added again after it was removed.
    PaymentMethodAdded: ({ data: { accountId, paymentMethodId, gateway } }, { version }) => [
      remove(paymentMethodId),
      insert(paymentMethodId, {
        account_id: accountId,
        gateway: gateway.name,
        customer_id: gateway.customerId,
        method_id: gateway.methodId,
        added_in: version,
        is_attached: true,
      }),
    ],
    PaymentMethodRemoved: ({ data }) => update(data.paymentMethodId, { is_attached: false }),
  },
});
