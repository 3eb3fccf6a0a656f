import { schedule, unschedule } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { EndTrial } from '../subscription/end-trial.js';
import { RenewSubscription } from '../subscription/renew-subscription.js';
import { aCanceled, period, started, subscriptionId } from '../subscription/subscription.examples.js';
import { endTrialWhenItIsOver, renewWhenPeriodEnds, stopBillingWhenCanceled } from './renewal.saga.js';

describe('Renewing', () => {
  it('is due when the period ends, and names the next one', () => {
    const end = instant('2026-03-31T14:00:00Z');
    reactionOf(renewWhenPeriodEnds)
      .when(period(1))
      .then(schedule('renewal', subscriptionId, end, new RenewSubscription({ subscriptionId, index: 2 })));
  });

  it('waits for the end of a trial, where there is one', () => {
    const trialEnd = instant('2026-02-14T15:00:00Z');
    reactionOf(endTrialWhenItIsOver)
      .when(started(trialEnd))
      .then(schedule('trial-end', subscriptionId, trialEnd, new EndTrial({ subscriptionId })));
    reactionOf(endTrialWhenItIsOver).when(started()).then();
  });

  it('ends with the subscription', () => {
    reactionOf(stopBillingWhenCanceled)
      .when(aCanceled().at(-1)!)
      .then(unschedule('renewal', subscriptionId), unschedule('trial-end', subscriptionId));
  });

  it('is set in the transaction of its cause', () => {
    for (const { settles } of [renewWhenPeriodEnds, endTrialWhenItIsOver, stopBillingWhenCanceled]) expect(settles).toBe('with');
  });
});
