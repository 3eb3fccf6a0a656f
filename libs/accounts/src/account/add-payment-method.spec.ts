import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId } from '#kernel/ids.js';
import { AccountDecider } from './account.decider.js';
import { DefaultPaymentMethodChanged, PaymentMethodRemoved, type VerifiedPaymentMethod } from './account.events.js';
import {
  aClosedAccount,
  accountId,
  anAccount,
  anAccountWithTwoCards,
  created,
  manyMethods,
  mastercard,
  mastercardAdded,
  mastercardId,
  visa,
  visaAdded,
  visaId,
} from './account.examples.js';
import { MAX_PAYMENT_METHODS } from './account.policies.js';
import { AddPaymentMethod } from './add-payment-method.js';

const { given } = specification(AccountDecider);
const add = (paymentMethod: VerifiedPaymentMethod, makeDefault = false) => new AddPaymentMethod({ accountId, paymentMethod, makeDefault });

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
