import { AccountChanged, AccountErased, PaymentMethodAdded, PaymentMethodRemoved } from '#accounts/contract.js';
import { enqueue } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { derivedId, type PaymentMethodId } from '#kernel/ids.js';
import { anAccountId } from '../payment/payment.examples.js';
import {
  deleteCustomersWhenAccountIsErased,
  detachMethodWhenRemoved,
  updateCustomerWhenParticularsChange,
} from './gateway-customer.saga.js';

const paymentMethodId: PaymentMethodId = derivedId(anAccountId, 'a card');
const added = new PaymentMethodAdded({
  ...{ accountId: anAccountId, paymentMethodId, isDefault: true, type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2029 },
  gateway: { name: 'stripe', customerId: 'cus_1', methodId: 'pm_1' },
});
const changed = (changes: AccountChanged['data']['changes']) =>
  new AccountChanged({ accountId: anAccountId, particularsVersion: 2, changes });
const update = (version: number) =>
  enqueue('payments.update-customer', derivedId(anAccountId, `update-customer/${version}`), { accountId: anAccountId });

describe('the customer of an account at the gateway', () => {
  it('is told who it is with each payment method, and when name or e-mail change', () => {
    const reaction = reactionOf(updateCustomerWhenParticularsChange);
    reaction.when(added, { version: 2 }).then(update(2));
    reaction.when(changed({ name: 'Ada King' }), { version: 3 }).then(update(3));
    reaction.when(changed({ email: 'ada@example.org' }), { version: 4 }).then(update(4));
  });

  it('hears of nothing else', () => {
    reactionOf(updateCustomerWhenParticularsChange)
      .when(changed({ country: 'DE', taxExempt: true }))
      .then();
  });

  it('loses the methods that are removed', () => {
    reactionOf(detachMethodWhenRemoved)
      .when(new PaymentMethodRemoved({ accountId: anAccountId, paymentMethodId, wasDefault: true }), { version: 5 })
      .then(enqueue('payments.detach-method', derivedId(anAccountId, 'detach-method/5'), { paymentMethodId }));
  });

  it('goes with the person that is erased', () => {
    reactionOf(deleteCustomersWhenAccountIsErased)
      .when(new AccountErased({ accountId: anAccountId, reason: 'asked for' }))
      .then(enqueue('payments.delete-customers', derivedId(anAccountId, 'delete-customers'), { accountId: anAccountId }));
  });

  it('is told by jobs of the same transaction, which no crash loses', () => {
    const reactions = [updateCustomerWhenParticularsChange, detachMethodWhenRemoved, deleteCustomersWhenAccountIsErased];
    expect(reactions.map(({ settles }) => settles)).toEqual(['with', 'with', 'with']);
  });
});
