import { schedule, unschedule, whenever } from '#event-sourcing/reaction.js';
import { timer } from '#event-sourcing/timer.js';
import { derivedId, type SubscriptionId } from '#kernel/ids.js';
import { EndTrial } from '../subscription/end-trial.js';
import { RenewSubscription } from '../subscription/renew-subscription.js';
import { SettleLateUsage } from '../subscription/settle-late-usage.js';
import {
  BillingRetried,
  PeriodEnded,
  PeriodStarted,
  SubscriptionCanceled,
  SubscriptionStarted,
} from '../subscription/subscription.events.js';

export const renewal = timer('renewal', RenewSubscription, { bills: true });
export const trialEnd = timer('trial-end', EndTrial, { bills: true });
export const lateUsage = timer('late-usage', SettleLateUsage, { bills: true });

export const renewWhenPeriodEnds = whenever([PeriodStarted], 'with', ({ data: { subscriptionId, number, period } }) => [
  schedule(renewal, subscriptionId, period.end, { subscriptionId, number: number + 1 }),
]);

export const endTrialWhenItIsOver = whenever(
  [SubscriptionStarted],
  'with',
  ({ data: { subscriptionId, trialEnd: endsAt } }, { effectiveAt }) =>
    endsAt === null || endsAt <= effectiveAt ? [] : [schedule(trialEnd, subscriptionId, endsAt, { subscriptionId })],
);

/** A week of usage that may still come is longer than a day's or a week's period: each period has a timer of its own, and keeps it when the subscription ends. */
export function lateUsageOf(subscriptionId: SubscriptionId, number: number) {
  return derivedId(subscriptionId, `late-usage/${number}`);
}

export const settleUsageWhenItsTimeIsUp = whenever([PeriodEnded], 'with', ({ data: { subscriptionId, number, lateUsage: late } }) =>
  late ? [schedule(lateUsage, lateUsageOf(subscriptionId, number), late.until, { subscriptionId, number })] : [],
);

export const fallDueAgainWhenRetried = whenever([BillingRetried], 'with', ({ data: { subscriptionId, due } }) => {
  switch (due.what) {
    case 'renewal':
      return [schedule(renewal, subscriptionId, due.at, { subscriptionId, number: due.number })];
    case 'trial-end':
      return [schedule(trialEnd, subscriptionId, due.at, { subscriptionId })];
    case 'late-usage':
      return [schedule(lateUsage, lateUsageOf(subscriptionId, due.number), due.at, { subscriptionId, number: due.number })];
    default:
      return due satisfies never;
  }
});

export const stopBillingWhenCanceled = whenever([SubscriptionCanceled], 'with', ({ data: { subscriptionId } }) => [
  unschedule(renewal, subscriptionId),
  unschedule(trialEnd, subscriptionId),
]);
