import { fold } from '#event-sourcing/decider.js';
import { instant } from '#kernel/instant.js';
import { cancelSubscription } from './cancel-subscription.js';
import { renewSubscription } from './renew-subscription.js';
import { startSubscription } from './start-subscription.js';
import { SubscriptionDecider } from './subscription.decider.js';
import type { SubscriptionEvent } from './subscription.events.js';
import { january31, nothingMetered, proFacts, startPro, subscriptionId } from './subscription.examples.js';
import type { Subscription } from './subscription.state.js';

describe('A price in arrears', () => {
  const prices = [{ ...proFacts.plan!.prices[0]!, billing: 'arrears' as const }];
  const facts = { ...proFacts, plan: { ...proFacts.plan!, prices } };
  const history = startSubscription({ ...startPro, anchorDay: 15 }, { status: 'absent' } as Subscription, { now: january31, facts });
  const state = fold(SubscriptionDecider, history);
  const billed = (events: readonly SubscriptionEvent[]) =>
    events.flatMap(({ data }) => ('bill' in data ? (data.bill?.charges ?? []).map(({ amount }) => String(amount.amount)) : []));

  it('of a first period of 15 of 31 days is charged for these days', () => {
    expect(
      billed(renewSubscription({ subscriptionId, number: 2 }, state, { now: instant('2026-02-15T15:00:00Z'), facts: nothingMetered })),
    ).toEqual(['1403']);
  });

  it('of it, canceled on its 5th day, is charged for 5 of 31 days', () => {
    expect(
      billed(cancelSubscription({ subscriptionId, ends: 'now' }, state, { now: instant('2026-02-04T16:00:00Z'), facts: nothingMetered })),
    ).toEqual(['468']);
  });
});
