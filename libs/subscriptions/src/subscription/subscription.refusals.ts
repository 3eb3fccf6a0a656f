import { defineRefusal } from '#kernel/refusal.js';

export const subscriptionNotFound = defineRefusal({
  code: 'subscription_not_found',
  kind: 'not-found',
  hint: 'List the subscriptions with GET /v1/subscriptions.',
});

export const subscriptionNotActive = defineRefusal({
  code: 'subscription_not_active',
  kind: 'conflict',
  hint: 'Only a running subscription can be changed: start a new one.',
});

export const accountUnknown = defineRefusal({
  code: 'account_not_found',
  kind: 'not-found',
  hint: 'Create the account first with POST /v1/accounts.',
});

export const accountNotOpen = defineRefusal({
  code: 'account_closed',
  kind: 'conflict',
  hint: 'A closed account takes no new subscriptions.',
});

export const planUnknown = defineRefusal({ code: 'plan_not_found', kind: 'not-found', hint: 'List the plans with GET /v1/plans.' });

export const planRetired = defineRefusal({
  code: 'plan_retired',
  kind: 'conflict',
  hint: 'A retired plan takes no new subscriptions: choose an active one.',
});

export const startAtInFuture = defineRefusal({
  code: 'start_at_in_future',
  kind: 'invalid',
  hint: 'A subscription starts now or in the past: leave startAt out to start now.',
});

export const planNotNamed = defineRefusal({
  code: 'plan_not_named',
  kind: 'invalid',
  hint: 'Name the plan by planId or by planCode, not by both.',
});

export const chargeTooLarge = defineRefusal({
  code: 'charge_too_large',
  kind: 'invalid',
  hint: 'A charge may not exceed 9007199254740991 minor units (2^53 - 1): choose a smaller quantity.',
});

export const startAtTooOld = defineRefusal({
  code: 'start_at_too_old',
  kind: 'invalid',
  hint: 'A subscription may start at most 400 days ago: every period since then is billed at once.',
});

export const quantityNotTaken = defineRefusal({
  code: 'quantity_not_taken',
  kind: 'invalid',
  hint: 'Leave the quantity out, or choose a plan with a price for each unit.',
});

export const itemUnknown = defineRefusal({
  code: 'item_unknown',
  kind: 'invalid',
  hint: 'Name prices of the plan by their codes: read it with GET /v1/plans/{id}.',
});
