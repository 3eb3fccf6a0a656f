import { defineRefusal } from '#kernel/refusal.js';

/** The same as the subscriptions' own, said of one event of many. */
export const subscriptionUnknown = defineRefusal({
  code: 'subscription_not_found',
  kind: 'not-found',
  hint: 'List the subscriptions with GET /v1/subscriptions.',
});

export const metricUnknown = defineRefusal({
  code: 'metric_unknown',
  kind: 'invalid',
  hint: "Name a metric that one of the plan's prices meters; GET /v1/plans/{id} shows them.",
});

export const usageInFuture = defineRefusal({
  code: 'usage_in_future',
  kind: 'invalid',
  hint: 'Report usage once it has happened; clocks may differ by five minutes.',
});

export const usageBeforeStart = defineRefusal({
  code: 'usage_before_start',
  kind: 'invalid',
  hint: 'Give a timestamp at or after the start of the subscription.',
});

export const usageAfterEnd = defineRefusal({
  code: 'usage_after_end',
  kind: 'conflict',
  hint: 'What is used after a subscription has ended is not counted; subscribe the account again.',
});

export const usageWindowClosed = defineRefusal({
  code: 'usage_window_closed',
  kind: 'conflict',
  hint: 'Report usage within seven days after the end of its period. Bill what came too late with POST /v1/invoices.',
});

export const usageKeyReused = defineRefusal({
  code: 'usage_key_reused',
  kind: 'conflict',
  hint: 'Give every usage event a key of its own; a repetition has the same metric, quantity, timestamp and properties.',
});
