import { type Decider, on, onWithFacts } from '#event-sourcing/decider.js';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import { factsForStart } from '../facts/start-subscription.facts.js';
import { usageOfPeriod, usageSinceTrial, usageToSettle, usageUntilCanceled } from '../facts/usage.facts.js';
import { CancelSubscription, cancelSubscription } from './cancel-subscription.js';
import { EndTrial, endTrial } from './end-trial.js';
import { RenewSubscription, renewSubscription } from './renew-subscription.js';
import { RetryBilling, retryBilling } from './retry-billing.js';
import { SettleLateUsage, settleLateUsage } from './settle-late-usage.js';
import { StartSubscription, startSubscription } from './start-subscription.js';
import { type SubscriptionEvent, subscriptionEvents } from './subscription.events.js';
import { evolve, initialState, type Subscription } from './subscription.state.js';

const stream = ({ subscriptionId }: { readonly subscriptionId: StartSubscription['data']['subscriptionId'] }) => subscriptionId;

/** The table of what can be asked of a subscription, and who decides it. */
export const SubscriptionDecider: Decider<Subscription, SubscriptionEvent> = {
  category: 'subscription',
  events: subscriptionEvents,
  accountOf: ({ accountId }) => accountId,
  initialState,
  evolve,
  keptState: {
    version: 1,
    fields: fieldsOf<Subscription>()({
      money: ['current.segments[].charges[].amount', 'unsettled[].charges[].amount', 'unbilled[].amount'],
    }),
  },
  decisions: [
    onWithFacts(StartSubscription, { stream, timeOf: ({ accountId }) => accountId, facts: factsForStart, decide: startSubscription }),
    onWithFacts(EndTrial, { stream, facts: usageSinceTrial, decide: endTrial }),
    onWithFacts(RenewSubscription, { stream, facts: usageOfPeriod, decide: renewSubscription }),
    onWithFacts(SettleLateUsage, { stream, facts: usageToSettle, decide: settleLateUsage }),
    on(RetryBilling, { stream, decide: retryBilling }),
    onWithFacts(CancelSubscription, { stream, facts: usageUntilCanceled, decide: cancelSubscription }),
  ],
};
