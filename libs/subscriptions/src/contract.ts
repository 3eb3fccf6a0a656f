/** All that other contexts may know of subscriptions. */
export {
  BillingCycleAnchored,
  CancellationScheduled,
  PeriodStarted,
  SubscriptionCanceled,
  type SubscriptionEvent,
  SubscriptionStarted,
  subscriptionEvents,
} from './subscription/subscription.events.js';
