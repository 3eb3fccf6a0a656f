import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { meteredSubscription } from './read-models/metered-subscription/metered-subscription.projection.js';

/** Everything that usage adds to the system, apart from its API: what is reported is kept beside the log. */
export const usageContext: ContextDefinition = {
  name: 'usage',
  deciders: [],
  readModels: [meteredSubscription],
};
