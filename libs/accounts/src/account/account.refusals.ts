import { defineRefusal } from '#kernel/refusal.js';

export const accountNotFound = defineRefusal({
  code: 'account_not_found',
  kind: 'not-found',
  hint: 'Create the account first with POST /v1/accounts.',
});

export const accountExists = defineRefusal({
  code: 'account_exists',
  kind: 'conflict',
  hint: 'An older request with this Idempotency-Key has made the account: read it, or use a new key for a new account.',
});

export const accountClosed = defineRefusal({
  code: 'account_closed',
  kind: 'conflict',
  hint: 'A closed account cannot be changed: create a new one.',
});

export const accountNotClosed = defineRefusal({
  code: 'account_not_closed',
  kind: 'conflict',
  hint: 'Close the account first with DELETE /v1/accounts/{id}: whoever is erased can be billed nothing.',
});

export const currencyFixed = defineRefusal({
  code: 'currency_fixed',
  kind: 'invalid',
  hint: 'An account keeps its currency for ever: create another account for another currency.',
});

export const externalIdFixed = defineRefusal({
  code: 'external_id_fixed',
  kind: 'invalid',
  hint: 'An external id is given once and stays: create another account for another customer of yours.',
});

export const paymentMethodNotFound = defineRefusal({
  code: 'payment_method_not_found',
  kind: 'not-found',
  hint: 'List the payment methods with GET /v1/accounts/{id}/payment-methods.',
});

export const tooManyPaymentMethods = defineRefusal({
  code: 'too_many_payment_methods',
  kind: 'conflict',
  hint: 'Remove a payment method that is no longer used.',
});

/** Thrown by what implements `PaymentMethodVerification`, with the pointer `/paymentMethod/token` or `/token`. */
export const paymentMethodRefused = defineRefusal({
  code: 'payment_method_refused',
  kind: 'invalid',
  hint: 'The gateway did not accept this payment method: ask the customer for another one.',
});
