import { defineRefusal } from '#kernel/refusal.js';

export const versionConflict = defineRefusal({
  code: 'version_conflict',
  kind: 'stale',
  hint: 'The resource has changed since it was read: fetch it again and repeat the request with its new ETag.',
});

export const idempotencyKeyReused = defineRefusal({
  code: 'idempotency_key_reused',
  kind: 'invalid',
  hint: 'This Idempotency-Key was used for another request: use a new key for a new request.',
});

export const idempotencyKeyInUse = defineRefusal({
  code: 'idempotency_key_in_use',
  kind: 'in-progress',
  hint: 'The first request with this Idempotency-Key is still running: repeat it in a moment.',
});

export const testClockUnknown = defineRefusal({
  code: 'test_clock_not_found',
  kind: 'not-found',
  hint: 'Create the clock with POST /v1/test-clocks first.',
});

export const testClockAdvancing = defineRefusal({
  code: 'test_clock_advancing',
  kind: 'conflict',
  hint: 'The test clock of this account is moving: wait until its status is `ready`, then repeat the request.',
});
