import { AccountChanged, AccountErased, PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { enqueue, whenever } from '#event-sourcing/reaction.js';
import { derivedId } from '#kernel/ids.js';

/** A customer is made nameless, before its account is there: who it is follows with the first method, and with every change. */
export const updateCustomerWhenParticularsChange = whenever([PaymentMethodAdded, AccountChanged], 'with', (event, { version }) => {
  const { accountId } = event.data;
  if (event.type === 'AccountChanged' && !('email' in event.data.changes) && !('name' in event.data.changes)) return [];
  return [enqueue('payments.update-customer', derivedId(accountId, `update-customer/${version}`), { accountId })];
});

export const detachMethodWhenRemoved = whenever([PaymentMethodRemoved], 'with', ({ data: { accountId, paymentMethodId } }, { version }) => [
  enqueue('payments.detach-method', derivedId(accountId, `detach-method/${version}`), { paymentMethodId }),
]);

/** The gateway keeps name, e-mail and card of its customer, and erases them with it. */
export const deleteCustomersWhenAccountIsErased = whenever([AccountErased], 'with', ({ data: { accountId } }) => [
  enqueue('payments.delete-customers', derivedId(accountId, 'delete-customers'), { accountId }),
]);
