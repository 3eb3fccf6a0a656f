import { specification } from '#event-sourcing/testing/specification.js';
import { type Instant, instant } from '#kernel/instant.js';
import { RetryBilling } from './retry-billing.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { BillingRetried } from './subscription.events.js';
import { aCanceled, accountId, anActive, aRenewed, aTrial, canceled, ended, lateUntil, subscriptionId } from './subscription.examples.js';

const { given } = specification(SubscriptionDecider);
const now = instant('2026-04-10T00:00:00Z');
const reason = 'The tax service answers again.';
const retry = new RetryBilling({ subscriptionId, reason });

describe('Billing a subscription again', () => {
  it('makes its next period due when it was due', () => {
    const due = { what: 'renewal', number: 2, at: instant('2026-02-28T15:00:00Z') } as const;
    given(anActive()).when(retry, { now }).thenEachTime(new BillingRetried({ subscriptionId, accountId, reason, due }));
  });

  it('makes the end of its trial due when it was due', () => {
    const due = { what: 'trial-end', at: instant('2026-02-14T15:00:00Z') } as const;
    given(aTrial()).when(retry, { now }).thenEachTime(new BillingRetried({ subscriptionId, accountId, reason, due }));
  });

  it('makes late usage due when its time was up, also of one that has ended', () => {
    const [first, second] = [instant('2026-03-07T15:00:00Z'), lateUntil(now)];
    const late = (number: number, at: Instant) =>
      new BillingRetried({ subscriptionId, accountId, reason, due: { what: 'late-usage', number, at } });
    const next = { what: 'renewal', number: 3, at: instant('2026-03-31T14:00:00Z') } as const;
    given(aRenewed())
      .when(retry, { now })
      .thenEachTime(new BillingRetried({ subscriptionId, accountId, reason, due: next }), late(1, first));
    given([...aRenewed(), ended(2, 'canceled', now, { until: second, part: null }), canceled(now)])
      .when(retry, { now })
      .thenEachTime(late(1, first), late(2, second));
  });

  it('refuses one that has ended', () => {
    given(aCanceled()).when(retry, { now }).thenRefused('subscription_not_active');
  });

  it('refuses one that does not exist', () => {
    given().when(retry, { now }).thenRefused('subscription_not_found');
  });
});
