import { schedule, unschedule } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { BillingRetried } from '../subscription/subscription.events.js';
import { aCanceled, accountId, period, started, subscriptionId } from '../subscription/subscription.examples.js';
import {
  endTrialWhenItIsOver,
  fallDueAgainWhenRetried,
  renewal,
  renewWhenPeriodEnds,
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

  it('is due again when it is retried', () => {
    const at = instant('2026-02-28T15:00:00Z');
    const retried = (due: BillingRetried['data']['due']) => new BillingRetried({ subscriptionId, accountId, reason: 'Mended.', due });
    reactionOf(fallDueAgainWhenRetried)
      .when(retried({ what: 'renewal', number: 2, at }))
      .then(schedule(renewal, subscriptionId, at, { subscriptionId, number: 2 }));
    reactionOf(fallDueAgainWhenRetried)
      .when(retried({ what: 'trial-end', at }))
      .then(schedule(trialEnd, subscriptionId, at, { subscriptionId }));
  });

  it('ends with the subscription', () => {
    reactionOf(stopBillingWhenCanceled)
      .when(aCanceled().at(-1)!)
      .then(unschedule(renewal, subscriptionId), unschedule(trialEnd, subscriptionId));
  });

  it('is set in the transaction of its cause', () => {
    for (const { settles } of [renewWhenPeriodEnds, endTrialWhenItIsOver, fallDueAgainWhenRetried, stopBillingWhenCanceled])
      expect(settles).toBe('with');
  });
});
