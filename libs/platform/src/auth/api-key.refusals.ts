import { defineRefusal } from '#kernel/refusal.js';

export const apiKeyMissing = defineRefusal({
  code: 'api_key_missing',
  kind: 'unauthenticated',
  hint: 'Send the header `Authorization: Bearer pk_…` with an API key.',
});

export const apiKeyInvalid = defineRefusal({
  code: 'api_key_invalid',
  kind: 'unauthenticated',
  hint: 'The key is unknown, expired or revoked: use a live API key.',
});
