import { derivedId, type SubscriptionId } from '#kernel/ids.js';
import { accountId, subscriptionId } from '../subscription/subscription.examples.js';
import { RosterClosed, RosterEntered, type RosterEvent } from './roster.events.js';

// The same named examples for every specification of this context.

export const otherSubscriptionId: SubscriptionId = derivedId(accountId, 'another subscription');

export const entered = (id = subscriptionId): RosterEntered => new RosterEntered({ accountId, subscriptionId: id });

/** Two subscriptions of one account. */
export const aRosterOfTwo = (): RosterEvent[] => [entered(), entered(otherSubscriptionId)];

export const aClosedRoster = (): RosterEvent[] => [entered(), new RosterClosed({ accountId, running: [subscriptionId] })];
