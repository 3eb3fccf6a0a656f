import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { CancelSubscription } from './cancel-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { CancellationScheduled } from './subscription.events.js';
import {
  aCanceled,
  accountId,
  anActive,
  aTrial,
  canceled,
  ended,
  nothingMetered,
  periodOf,
  subscriptionId,
} from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const now = instant('2026-02-10T00:00:00Z');

describe('Canceling a subscription', () => {
  it('ends it now', () => {
    given(anActive())
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now, facts: nothingMetered })
      .then(ended(1, 'canceled', now), canceled(now));
  });

  it('ends a trial now, which has no period', () => {
    given(aTrial())
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now })
      .then(canceled(now));
  });

  it('ends a period that the renewal has not come to yet no later than it lasts', () => {
    const { end } = periodOf(1);
    given(anActive())
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now: instant('2026-03-02T00:00:00Z'), facts: nothingMetered })
      .then(ended(1, 'canceled', end), canceled(instant('2026-03-02T00:00:00Z')));
  });

  it('ends it with the period that is paid for', () => {
    given(anActive())
      .when(new CancelSubscription({ subscriptionId, ends: 'at-period-end' }), { now })
      .then(new CancellationScheduled({ subscriptionId, accountId, endsAt: instant('2026-02-28T15:00:00Z') }));
  });

  it('ends a trial with the trial', () => {
    given(aTrial())
      .when(new CancelSubscription({ subscriptionId, ends: 'at-period-end' }), { now })
      .then(new CancellationScheduled({ subscriptionId, accountId, endsAt: instant('2026-02-14T15:00:00Z') }));
  });

  it('ends it now even where an end was scheduled', () => {
    given(anActive(), new CancellationScheduled({ subscriptionId, accountId, endsAt: instant('2026-02-28T15:00:00Z') }))
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now, facts: nothingMetered })
      .then(ended(1, 'canceled', now), canceled(now));
  });

  it.each(['now', 'at-period-end'] as const)('leaves one that has ended as it is: %s', (ends) => {
    given(aCanceled()).when(new CancelSubscription({ subscriptionId, ends }), { now }).then();
  });

  it('refuses one that does not exist', () => {
    given()
      .when(new CancelSubscription({ subscriptionId, ends: 'now' }), { now })
      .thenRefused('subscription_not_found');
  });
});
