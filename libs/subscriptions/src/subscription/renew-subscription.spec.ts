import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { RenewSubscription } from './renew-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { CancellationScheduled } from './subscription.events.js';
import { aCanceled, accountId, anActive, canceled, ended, nothingMetered, period, subscriptionId } from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const endOfFebruary = instant('2026-02-28T15:00:00Z');

describe('Renewing a subscription', () => {
  it('begins the next period on the last day of a shorter month', () => {
    expect(period(2).data.period).toEqual({ start: endOfFebruary, end: '2026-03-31T14:00:00.000Z' });
    given(anActive())
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: endOfFebruary, facts: nothingMetered })
      .then(ended(1), period(2));
  });

  it('comes back to the 31st, at the same local time across the change of clocks', () => {
    expect(period(3).data.period).toEqual({ start: '2026-03-31T14:00:00.000Z', end: '2026-04-30T14:00:00.000Z' });
  });

  it('does nothing before the period is over', () => {
    given(anActive())
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: instant('2026-02-28T14:59:59.999Z') })
      .thenNothing();
  });

  it('does nothing for a period that has begun already', () => {
    given(anActive(), ended(1), period(2))
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: instant('2026-04-30T15:00:00Z') })
      .thenNothing();
  });

  it('ends a subscription whose end was scheduled', () => {
    given(anActive(), new CancellationScheduled({ subscriptionId, accountId, endsAt: endOfFebruary }))
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: endOfFebruary, facts: nothingMetered })
      .then(ended(1, 'canceled'), canceled(endOfFebruary, 'at-period-end'));
  });

  it('does nothing to a canceled subscription', () => {
    given(aCanceled())
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: endOfFebruary })
      .thenNothing();
  });

  it('refuses a subscription that does not exist', () => {
    given()
      .when(new RenewSubscription({ subscriptionId, number: 2 }), { now: endOfFebruary })
      .thenRefused('subscription_not_found');
  });
});
