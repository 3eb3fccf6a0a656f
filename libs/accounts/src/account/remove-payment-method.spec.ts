import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId } from '#kernel/ids.js';
import { AccountDecider } from './account.decider.js';
import { DefaultPaymentMethodChanged, PaymentMethodRemoved } from './account.events.js';
import {
  aClosedAccount,
  accountId,
  anAccount,
  anAccountWithTwoCards,
  created,
  manyMethods,
  mastercardId,
  visaAdded,
  visaId,
} from './account.examples.js';
import { RemovePaymentMethod } from './remove-payment-method.js';

const { given } = specification(AccountDecider);

describe('Removing a payment method', () => {
  const remove = (paymentMethodId = visaId) => new RemovePaymentMethod({ accountId, paymentMethodId });

  it('makes the one added last the default where it was the default', () => {
    given(anAccountWithTwoCards(), manyMethods(3).slice(1))
      .when(remove())
      .then(
        new PaymentMethodRemoved({ accountId, paymentMethodId: visaId, wasDefault: true }),
        new DefaultPaymentMethodChanged({ accountId, paymentMethodId: derivedId(accountId, 'payment-method/pm_many_2') }),
      );
  });

  it('leaves the default alone otherwise', () => {
    given(anAccountWithTwoCards())
      .when(remove(mastercardId))
      .then(new PaymentMethodRemoved({ accountId, paymentMethodId: mastercardId, wasDefault: false }));
  });

  it('may leave an account without any', () => {
    given(created(), visaAdded())
      .when(remove())
      .then(new PaymentMethodRemoved({ accountId, paymentMethodId: visaId, wasDefault: true }));
  });

  it('is refused for one that the account does not have', () => {
    given(anAccount()).when(remove()).thenRefused('payment_method_not_found');
  });

  it('is refused for a closed account', () => {
    given(aClosedAccount()).when(remove()).thenRefused('account_closed');
  });
});
