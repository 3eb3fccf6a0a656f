import { insert, readModel } from '#event-sourcing/read-model.js';
import { SubscriptionStarted } from '#subscriptions/contract.js';

/** Which account a stream with timers belongs to, where no other table of ours tells. */
export const billedStream = readModel([SubscriptionStarted], {
  table: 'payments.billed_stream',
  columns: { account_id: 'uuid' },
  on: { SubscriptionStarted: ({ data }) => insert(data.subscriptionId, { account_id: data.accountId }) },
});
