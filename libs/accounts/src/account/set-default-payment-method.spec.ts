import { specification } from '#event-sourcing/testing/specification.js';
import { AccountDecider } from './account.decider.js';
import { DefaultPaymentMethodChanged } from './account.events.js';
import { aClosedAccount, accountId, anAccountWithTwoCards, created, mastercardId, visaAdded, visaId } from './account.examples.js';
import { SetDefaultPaymentMethod } from './set-default-payment-method.js';

const { given } = specification(AccountDecider);

describe('Making a payment method the default', () => {
  it('is recorded', () => {
    given(anAccountWithTwoCards())
      .when(new SetDefaultPaymentMethod({ accountId, paymentMethodId: mastercardId }))
      .then(new DefaultPaymentMethodChanged({ accountId, paymentMethodId: mastercardId }));
  });

  it('that is the default already changes nothing', () => {
    given(anAccountWithTwoCards())
      .when(new SetDefaultPaymentMethod({ accountId, paymentMethodId: visaId }))
      .thenNothing();
  });

  it('is refused for one that the account does not have', () => {
    given(created(), visaAdded())
      .when(new SetDefaultPaymentMethod({ accountId, paymentMethodId: mastercardId }))
      .thenRefused('payment_method_not_found');
  });

  it('is refused for a closed account', () => {
    given(aClosedAccount())
      .when(new SetDefaultPaymentMethod({ accountId, paymentMethodId: visaId }))
      .thenRefused('account_closed');
  });
});
