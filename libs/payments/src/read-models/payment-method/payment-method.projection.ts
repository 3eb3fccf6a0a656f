import { PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { insert, readModel, remove } from '#event-sourcing/read-model.js';

/** The gateway's names of the payment methods that can be charged. */
export const paymentMethod = readModel([PaymentMethodAdded, PaymentMethodRemoved], {
  table: 'payments.payment_method',
  columns: { account_id: 'uuid', customer_id: 'text', method_id: 'text' },
  on: {
    PaymentMethodAdded: ({ data }) =>
      insert(data.paymentMethodId, { account_id: data.accountId, customer_id: data.gateway.customerId, method_id: data.gateway.methodId }),
    PaymentMethodRemoved: ({ data }) => remove(data.paymentMethodId),
  },
});
