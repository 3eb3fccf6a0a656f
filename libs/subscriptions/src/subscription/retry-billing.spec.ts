import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { RetryBilling } from './retry-billing.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { BillingRetried } from './subscription.events.js';
import { aCanceled, accountId, anActive, aTrial, subscriptionId } from './subscription.examples.js';

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

  it('refuses one that has ended', () => {
    given(aCanceled()).when(retry, { now }).thenRefused('subscription_not_active');
  });

  it('refuses one that does not exist', () => {
    given().when(retry, { now }).thenRefused('subscription_not_found');
  });
});
