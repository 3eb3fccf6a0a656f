import { AccountClosed } from '#accounts/contract.js';
import { whenever } from '#event-sourcing/reaction.js';
import { CloseRoster } from '../roster/close-roster.js';
import { EnterRoster } from '../roster/enter-roster.js';
import { LeaveRoster } from '../roster/leave-roster.js';
import { RosterClosed } from '../roster/roster.events.js';
import { CancelSubscription } from '../subscription/cancel-subscription.js';
import { SubscriptionCanceled, SubscriptionStarted } from '../subscription/subscription.events.js';

// All of it settles with the fact: at no moment is there a closed account with a running subscription.

export const enterRosterWhenSubscriptionStarts = whenever([SubscriptionStarted], 'with', ({ data: { accountId, subscriptionId } }) => [
  new EnterRoster({ accountId, subscriptionId }),
]);

export const leaveRosterWhenSubscriptionEnds = whenever([SubscriptionCanceled], 'with', ({ data: { accountId, subscriptionId } }) => [
  new LeaveRoster({ accountId, subscriptionId }),
]);

export const closeRosterWhenAccountCloses = whenever([AccountClosed], 'with', ({ data: { accountId } }) => [
  new CloseRoster({ accountId }),
]);

export const endSubscriptionsWhenRosterCloses = whenever([RosterClosed], 'with', ({ data: { running } }) =>
  running.map((subscriptionId) => new CancelSubscription({ subscriptionId, ends: 'now' })),
);
