import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { accountTerms } from './read-models/account-terms/account-terms.projection.js';
import { planTerms } from './read-models/plan-terms/plan-terms.projection.js';
import { subscriptionDetails } from './read-models/subscription-details/subscription-details.projection.js';
import { RosterDecider } from './roster/roster.decider.js';
import {
  endTrialWhenItIsOver,
  fallDueAgainWhenRetried,
  lateUsage,
  renewal,
  renewWhenPeriodEnds,
  settleUsageWhenItsTimeIsUp,
  stopBillingWhenCanceled,
  trialEnd,
} from './sagas/renewal.saga.js';
import {
  closeRosterWhenAccountCloses,
  endSubscriptionsWhenRosterCloses,
  enterRosterWhenSubscriptionStarts,
  leaveRosterWhenSubscriptionEnds,
} from './sagas/roster.saga.js';
import { SubscriptionDecider } from './subscription/subscription.decider.js';

/** Everything that subscriptions add to the system, apart from their API. */
export const subscriptionsContext: ContextDefinition = {
  name: 'subscriptions',
  deciders: [SubscriptionDecider, RosterDecider],
  timers: [renewal, trialEnd, lateUsage],
  reactions: {
    renewWhenPeriodEnds,
    endTrialWhenItIsOver,
    settleUsageWhenItsTimeIsUp,
    fallDueAgainWhenRetried,
    stopBillingWhenCanceled,
    enterRosterWhenSubscriptionStarts,
    leaveRosterWhenSubscriptionEnds,
    closeRosterWhenAccountCloses,
    endSubscriptionsWhenRosterCloses,
  },
  readModels: [accountTerms, planTerms, subscriptionDetails],
};
