import { defineRefusal } from '#kernel/refusal.js';

export const priceInvalid = defineRefusal({
  code: 'price_invalid',
  kind: 'invalid',
  hint:
    'Usage is billed in arrears and has a meter, and nothing else has one; a percentage is of usage that is summed; ' +
    'what is charged once is billed in advance.',
});

export const priceTermsInvalid = defineRefusal({
  code: 'price_terms_invalid',
  kind: 'invalid',
  hint: 'Terms belong to the pricing model: /docs has those of each.',
});

export const tiersInvalid = defineRefusal({
  code: 'tiers_invalid',
  kind: 'invalid',
  hint: 'Tiers ascend by `upTo`, which still belongs to its tier; the last one is open, with `upTo: null`.',
});
