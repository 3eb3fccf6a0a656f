import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { EndTrial } from './end-trial.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { CancellationScheduled } from './subscription.events.js';
import { accountId, anActive, aTrial, canceled, nothingMetered, period, subscriptionId } from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const trialEnd = instant('2026-02-14T15:00:00Z');

describe('US3: the end of a trial', () => {
  it('anchors the cycle there and begins a full period', () => {
    given(aTrial()).when(new EndTrial({ subscriptionId }), { now: trialEnd, facts: nothingMetered }).then(period(1, trialEnd));
  });

  it('does not come early', () => {
    given(aTrial())
      .when(new EndTrial({ subscriptionId }), { now: instant('2026-02-14T14:59:59Z') })
      .thenNothing();
  });

  it('ends a subscription that was canceled during the trial, without an invoice', () => {
    given(aTrial(), new CancellationScheduled({ subscriptionId, accountId, endsAt: trialEnd }))
      .when(new EndTrial({ subscriptionId }), { now: trialEnd })
      .then(canceled(trialEnd, 'at-period-end'));
  });

  it('does nothing to a subscription that is paid for', () => {
    given(anActive()).when(new EndTrial({ subscriptionId }), { now: trialEnd }).thenNothing();
  });

  it('refuses a subscription that does not exist', () => {
    given().when(new EndTrial({ subscriptionId }), { now: trialEnd }).thenRefused('subscription_not_found');
  });
});
