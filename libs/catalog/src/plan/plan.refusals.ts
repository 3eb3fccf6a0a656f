import { defineRefusal } from '#kernel/refusal.js';

export const planNotFound = defineRefusal({ code: 'plan_not_found', kind: 'not-found', hint: 'List the plans with GET /v1/plans.' });

export const planVersionNotFound = defineRefusal({
  code: 'plan_version_not_found',
  kind: 'not-found',
  hint: 'Versions are counted from 1 up to the `version` of the plan.',
});

export const planCodeTaken = defineRefusal({
  code: 'plan_code_taken',
  kind: 'conflict',
  hint: 'Choose another code, or change the plan that has this one: a change makes a new version.',
});

export const planWithoutPrices = defineRefusal({
  code: 'plan_without_prices',
  kind: 'invalid',
  hint: 'A plan has at least one price, in at least one currency; a free one costs 0.',
});

export const priceCodeRepeated = defineRefusal({
  code: 'price_code_repeated',
  kind: 'invalid',
  hint: 'Give each price of a plan a code of its own; invoice lines refer to it.',
});

export const trialDaysInvalid = defineRefusal({
  code: 'trial_days_invalid',
  kind: 'invalid',
  hint: 'A trial lasts a whole number of days, from 0 (none) to 730.',
});
