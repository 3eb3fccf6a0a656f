import { schedule, unschedule, whenever } from '#event-sourcing/reaction.js';
import { timer } from '#event-sourcing/timer.js';
import { EndTrial } from '../subscription/end-trial.js';
import { RenewSubscription } from '../subscription/renew-subscription.js';
import { BillingRetried, PeriodStarted, SubscriptionCanceled, SubscriptionStarted } from '../subscription/subscription.events.js';

export const renewal = timer('renewal', RenewSubscription, { bills: true });
export const trialEnd = timer('trial-end', EndTrial, { bills: true });

export const renewWhenPeriodEnds = whenever([PeriodStarted], 'with', ({ data: { subscriptionId, number, period } }) => [
  schedule(renewal, subscriptionId, period.end, { subscriptionId, number: number + 1 }),
]);

export const endTrialWhenItIsOver = whenever(
  [SubscriptionStarted],
  'with',
  ({ data: { subscriptionId, trialEnd: endsAt } }, { effectiveAt }) =>
    endsAt === null || endsAt <= effectiveAt ? [] : [schedule(trialEnd, subscriptionId, endsAt, { subscriptionId })],
);

export const fallDueAgainWhenRetried = whenever([BillingRetried], 'with', ({ data: { subscriptionId, due } }) => [
  due.what === 'renewal'
    ? schedule(renewal, subscriptionId, due.at, { subscriptionId, number: due.number })
    : schedule(trialEnd, subscriptionId, due.at, { subscriptionId }),
]);

export const stopBillingWhenCanceled = whenever([SubscriptionCanceled], 'with', ({ data: { subscriptionId } }) => [
  unschedule(renewal, subscriptionId),
  unschedule(trialEnd, subscriptionId),
]);
