import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId } from '#kernel/ids.js';
import { AccountDecider } from './account.decider.js';
import { DefaultPaymentMethodChanged, PaymentMethodAdded, PaymentMethodRemoved, type VerifiedPaymentMethod } from './account.events.js';
import {
  aClosedAccount,
  accountId,
  anAccount,
  anAccountWithTwoCards,
  created,
  mastercard,
  mastercardAdded,
  mastercardId,
  visa,
  visaAdded,
  visaId,
} from './account.examples.js';
import { MAX_PAYMENT_METHODS, paymentMethodIdOf } from './account.policies.js';
import { AddPaymentMethod } from './add-payment-method.js';
import { RemovePaymentMethod } from './remove-payment-method.js';
import { SetDefaultPaymentMethod } from './set-default-payment-method.js';

const { given } = specification(AccountDecider);
const add = (paymentMethod: VerifiedPaymentMethod, makeDefault = false) => new AddPaymentMethod({ accountId, paymentMethod, makeDefault });

function manyMethods(count: number): PaymentMethodAdded[] {
  return Array.from({ length: count }, (_, index) => {
    const method = { ...visa, gateway: { customerId: 'cus_1', methodId: `pm_many_${index}` } };
    return new PaymentMethodAdded({ ...method, accountId, paymentMethodId: paymentMethodIdOf(accountId, method), isDefault: index === 0 });
  });
}

describe('Adding a payment method', () => {
  it('makes the first one the default', () => {
    given(anAccount()).when(add(visa)).then(visaAdded());
  });

  it('leaves the default as it is', () => {
    given(created(), visaAdded()).when(add(mastercard)).then(mastercardAdded());
  });

  it('makes it the default when asked to', () => {
    given(created(), visaAdded()).when(add(mastercard, true)).then(mastercardAdded(true));
  });

  it('that is there already adds nothing', () => {
    given(anAccountWithTwoCards()).when(add(mastercard)).thenNothing();
  });

  it('that is there already can still make it the default', () => {
    given(anAccountWithTwoCards())
      .when(add(mastercard, true))
      .then(new DefaultPaymentMethodChanged({ accountId, paymentMethodId: mastercardId }));
  });

  it('is possible again after its removal', () => {
    given(created(), visaAdded(), new PaymentMethodRemoved({ accountId, paymentMethodId: visaId, wasDefault: true }))
      .when(add(visa))
      .then(visaAdded());
  });

  it('ends at twenty', () => {
    given(created(), manyMethods(MAX_PAYMENT_METHODS - 1))
      .when(add(mastercard))
      .then(mastercardAdded());
    given(created(), manyMethods(MAX_PAYMENT_METHODS)).when(add(mastercard)).thenRefused('too_many_payment_methods');
  });

  it('gives it an id in the bucket of the account', () => {
    expect(visaId).toBe(derivedId(accountId, 'payment-method/pm_1'));
  });

  it('is refused for an account that is not open', () => {
    given().when(add(visa)).thenRefused('account_not_found');
    given(aClosedAccount()).when(add(visa)).thenRefused('account_closed');
  });
});

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
