import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { CancellationScheduled, PeriodStarted, SubscriptionCanceled, SubscriptionStarted } from '#subscriptions/contract.js';

/**
 * What must be known of each subscription to count its usage. The days of its periods follow from its anchor, so a renewal changes
 * nothing here, and costs nothing.
 */
export const meteredSubscription = readModel([SubscriptionStarted, PeriodStarted, CancellationScheduled, SubscriptionCanceled], {
  table: 'metering.subscription',
  columns: {
    account_id: 'uuid',
    currency: 'text',
    time_zone: 'text',
    interval: 'json',
    prices: 'json',
    started_at: 'timestamptz',
    trial_end: 'timestamptz?',
    anchor: 'json?',
    ends_at: 'timestamptz?',
  },
  on: {
    SubscriptionStarted: ({ data }) =>
      insert(data.subscriptionId, {
        account_id: data.accountId,
        currency: data.currency,
        time_zone: data.timeZone,
        interval: data.terms.interval,
        prices: data.terms.prices.filter(({ meter }) => meter !== undefined),
        started_at: data.startedAt,
        trial_end: data.trialEnd,
      }),
    PeriodStarted: ({ data: { subscriptionId, anchor } }) => (anchor ? update(subscriptionId, { anchor }) : []),
    CancellationScheduled: ({ data: { subscriptionId, endsAt } }) => update(subscriptionId, { ends_at: endsAt }),
    SubscriptionCanceled: ({ data: { subscriptionId, canceledAt } }) => update(subscriptionId, { ends_at: canceledAt }),
  },
});
