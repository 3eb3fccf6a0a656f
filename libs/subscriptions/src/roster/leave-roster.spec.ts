import { specification } from '#event-sourcing/testing/specification.js';
import { accountId, subscriptionId } from '../subscription/subscription.examples.js';
import { CloseRoster } from './close-roster.js';
import { LeaveRoster } from './leave-roster.js';
import { RosterDecider } from './roster.decider.js';
import { RosterClosed, RosterLeft } from './roster.events.js';
import { aClosedRoster, aRosterOfTwo, otherSubscriptionId } from './roster.examples.js';

const { given } = specification(RosterDecider);
const leave = new LeaveRoster({ accountId, subscriptionId });
const left = new RosterLeft({ accountId, subscriptionId });

describe('Leaving the roster', () => {
  it('takes the subscription off it, and no other', () => {
    given(aRosterOfTwo()).when(leave).then(left);
    given(aRosterOfTwo(), left)
      .when(new CloseRoster({ accountId }))
      .then(new RosterClosed({ accountId, running: [otherSubscriptionId] }));
  });

  it('means nothing for a subscription that is not on it', () => {
    given().when(leave).thenNothing();
  });

  it('means nothing once the roster is closed', () => {
    given(aClosedRoster()).when(leave).thenNothing();
  });
});
