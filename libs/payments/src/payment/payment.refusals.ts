import { defineRefusal } from '#kernel/refusal.js';

export const paymentNotFound = defineRefusal({
  code: 'payment_not_found',
  kind: 'not-found',
  hint: 'List the payments with GET /v1/payments.',
});

export const invoiceNotOpen = defineRefusal({
  code: 'invoice_not_open',
  kind: 'conflict',
  hint: 'Only an open invoice with an amount due can be paid: read it with GET /v1/invoices/{id}.',
});

export const paymentInProgress = defineRefusal({
  code: 'payment_in_progress',
  kind: 'conflict',
  hint: 'The outcome of the invoice’s last attempt is not known yet: wait until its status is `succeeded` or `failed`.',
});

export const accountParked = defineRefusal({
  code: 'account_parked',
  kind: 'conflict',
  hint: 'Its billing looked impossible: look into the reason, then release it with POST /v1/accounts/{id}/release.',
});

export const accountNotParked = defineRefusal({
  code: 'account_not_parked',
  kind: 'conflict',
  hint: 'There is nothing to release: the parked accounts are listed by GET /v1/account-holds.',
});

export const paymentMethodMissing = defineRefusal({
  code: 'payment_method_missing',
  kind: 'conflict',
  hint: 'The account has no default payment method: add one first.',
});

export const paymentAttemptStale = defineRefusal({
  code: 'payment_attempt_stale',
  kind: 'conflict',
  hint: 'Another attempt was made meanwhile: read the payments of the invoice.',
});

/** Money that moved at the gateway without our asking: never booked by itself, always shown to a person. */
export const paymentOutcomeForeign = defineRefusal({
  code: 'payment_outcome_foreign',
  kind: 'conflict',
  hint: 'The gateway reports something else than was asked for: a person has to look at it.',
});

export const gatewayUnavailable = defineRefusal({
  code: 'gateway_unavailable',
  kind: 'unavailable',
  hint: 'The payment gateway cannot be reached: repeat the request with the same Idempotency-Key in a moment.',
});

export const webhookSignatureInvalid = defineRefusal({
  code: 'webhook_signature_invalid',
  kind: 'unauthenticated',
  hint: 'The body is not signed with a webhook secret of ours, or too long ago: check STRIPE_WEBHOOK_SECRET and the clock.',
});

export const webhookEventUnreadable = defineRefusal({
  code: 'webhook_event_unreadable',
  kind: 'invalid',
  hint: 'The signature is right. Send snapshot events to this endpoint: it cannot read thin ones.',
});

/** The same problem as invoicing's, told from what payments know. */
export const invoiceUnknown = defineRefusal({
  code: 'invoice_not_found',
  kind: 'not-found',
  hint: 'List the invoices with GET /v1/invoices.',
});
