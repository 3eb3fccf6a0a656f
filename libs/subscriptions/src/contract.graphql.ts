/** The types that other contexts add fields to. */
export { SubscriptionView } from './read-models/subscription-details/subscription-details.query.js';
