/** All that other contexts may know of subscriptions. */
export {
  CancellationScheduled,
  PeriodEnded,
  PeriodStarted,
  SubscriptionCanceled,
  type SubscriptionEvent,
  SubscriptionStarted,
  subscriptionEvents,
  UsageSettled,
} from './subscription/subscription.events.js';
export { subscriptionNotFound } from './subscription/subscription.refusals.js';
