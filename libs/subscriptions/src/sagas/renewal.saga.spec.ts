import { schedule, unschedule } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { BillingRetried } from '../subscription/subscription.events.js';
import {
  aCanceled,
  accountId,
  ended,
  lateUntil,
  period,
  periodOf,
  started,
  subscriptionId,
} from '../subscription/subscription.examples.js';
import {
  endTrialWhenItIsOver,
  fallDueAgainWhenRetried,
  lateUsage,
  lateUsageOf,
  renewal,
  renewWhenPeriodEnds,
  settleUsageWhenItsTimeIsUp,
  stopBillingWhenCanceled,
  trialEnd,
} from './renewal.saga.js';

describe('Renewing', () => {
  it('is due when the period ends, and names the next one', () => {
    const end = instant('2026-03-31T14:00:00Z');
    reactionOf(renewWhenPeriodEnds)
      .when(period(2))
      .then(schedule(renewal, subscriptionId, end, { subscriptionId, number: 3 }));
  });

  it('waits for the end of a trial, where there is one', () => {
    const endsAt = instant('2026-02-14T15:00:00Z');
    reactionOf(endTrialWhenItIsOver)
      .when(started(endsAt))
      .then(schedule(trialEnd, subscriptionId, endsAt, { subscriptionId }));
    reactionOf(endTrialWhenItIsOver).when(started()).then();
    // Started so long ago that it has passed: its end was decided with the start.
    reactionOf(endTrialWhenItIsOver).when(started(endsAt), { effectiveAt: endsAt }).then();
  });

  it('leaves usage to be settled when its time is up, each period by itself, where something is metered', () => {
    const until = lateUntil(periodOf(1).end);
    reactionOf(settleUsageWhenItsTimeIsUp)
      .when(ended(1, 'renewed', periodOf(1).end, { until, part: null }))
      .then(schedule(lateUsage, lateUsageOf(subscriptionId, 1), until, { subscriptionId, number: 1 }));
    reactionOf(settleUsageWhenItsTimeIsUp).when(ended(1)).then();
    expect(lateUsageOf(subscriptionId, 1)).not.toBe(lateUsageOf(subscriptionId, 2));
  });

  it('is due again when it is retried', () => {
    const at = instant('2026-02-28T15:00:00Z');
    const retried = (due: BillingRetried['data']['due']) => new BillingRetried({ subscriptionId, accountId, reason: 'Mended.', due });
    reactionOf(fallDueAgainWhenRetried)
      .when(retried({ what: 'renewal', number: 2, at }))
      .then(schedule(renewal, subscriptionId, at, { subscriptionId, number: 2 }));
    reactionOf(fallDueAgainWhenRetried)
      .when(retried({ what: 'trial-end', at }))
      .then(schedule(trialEnd, subscriptionId, at, { subscriptionId }));
    reactionOf(fallDueAgainWhenRetried)
      .when(retried({ what: 'late-usage', number: 2, at }))
      .then(schedule(lateUsage, lateUsageOf(subscriptionId, 2), at, { subscriptionId, number: 2 }));
  });

  it('ends with the subscription, whose last usage is settled all the same', () => {
    reactionOf(stopBillingWhenCanceled)
      .when(aCanceled().at(-1)!)
      .then(unschedule(renewal, subscriptionId), unschedule(trialEnd, subscriptionId));
  });

  it('is set in the transaction of its cause', () => {
    const sagas = [renewWhenPeriodEnds, endTrialWhenItIsOver, settleUsageWhenItsTimeIsUp, fallDueAgainWhenRetried, stopBillingWhenCanceled];
    for (const { settles } of sagas) expect(settles).toBe('with');
  });
});
