import { AccountClosed } from '#accounts/contract.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { CloseRoster } from '../roster/close-roster.js';
import { EnterRoster } from '../roster/enter-roster.js';
import { LeaveRoster } from '../roster/leave-roster.js';
import { RosterClosed } from '../roster/roster.events.js';
import { otherSubscriptionId } from '../roster/roster.examples.js';
import { CancelSubscription } from '../subscription/cancel-subscription.js';
import { aCanceled, accountId, started, subscriptionId } from '../subscription/subscription.examples.js';
import {
  closeRosterWhenAccountCloses,
  endSubscriptionsWhenRosterCloses,
  enterRosterWhenSubscriptionStarts,
  leaveRosterWhenSubscriptionEnds,
} from './roster.saga.js';

describe('Closing an account', () => {
  it('is prepared by every start and every end', () => {
    reactionOf(enterRosterWhenSubscriptionStarts).when(started()).then(new EnterRoster({ accountId, subscriptionId }));
    reactionOf(leaveRosterWhenSubscriptionEnds).when(aCanceled().at(-1)!).then(new LeaveRoster({ accountId, subscriptionId }));
  });

  it('closes the roster, which ends all that is running', () => {
    reactionOf(closeRosterWhenAccountCloses).when(new AccountClosed({ accountId })).then(new CloseRoster({ accountId }));
    reactionOf(endSubscriptionsWhenRosterCloses)
      .when(new RosterClosed({ accountId, running: [subscriptionId, otherSubscriptionId] }))
      .then(
        new CancelSubscription({ subscriptionId, ends: 'now' }),
        new CancelSubscription({ subscriptionId: otherSubscriptionId, ends: 'now' }),
      );
  });

  it('ends nothing where nothing is running', () => {
    reactionOf(endSubscriptionsWhenRosterCloses)
      .when(new RosterClosed({ accountId, running: [] }))
      .then();
  });

  it('settles with the fact throughout', () => {
    const reactions = [
      enterRosterWhenSubscriptionStarts,
      leaveRosterWhenSubscriptionEnds,
      closeRosterWhenAccountCloses,
      endSubscriptionsWhenRosterCloses,
    ];
    for (const { settles } of reactions) expect(settles).toBe('with');
  });
});
