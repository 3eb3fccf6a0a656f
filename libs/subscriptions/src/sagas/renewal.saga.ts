import { schedule, unschedule, whenever } from '#event-sourcing/reaction.js';
import { EndTrial } from '../subscription/end-trial.js';
import { RenewSubscription } from '../subscription/renew-subscription.js';
import { BillingRetried, PeriodStarted, SubscriptionCanceled, SubscriptionStarted } from '../subscription/subscription.events.js';

export const renewWhenPeriodEnds = whenever([PeriodStarted], 'with', ({ data: { subscriptionId, index, period } }) => [
  schedule('renewal', subscriptionId, period.end, new RenewSubscription({ subscriptionId, index: index + 1 })),
]);

export const endTrialWhenItIsOver = whenever([SubscriptionStarted], 'with', ({ data: { subscriptionId, trialEnd } }) =>
  trialEnd === null ? [] : [schedule('trial-end', subscriptionId, trialEnd, new EndTrial({ subscriptionId }))],
);

export const fallDueAgainWhenRetried = whenever([BillingRetried], 'with', ({ data: { subscriptionId, due } }) => [
  due.what === 'renewal'
    ? schedule('renewal', subscriptionId, due.at, new RenewSubscription({ subscriptionId, index: due.index }))
    : schedule('trial-end', subscriptionId, due.at, new EndTrial({ subscriptionId })),
]);

export const stopBillingWhenCanceled = whenever([SubscriptionCanceled], 'with', ({ data: { subscriptionId } }) => [
  unschedule('renewal', subscriptionId),
  unschedule('trial-end', subscriptionId),
]);
