import { specification } from '#event-sourcing/testing/specification.js';
import { accountId, subscriptionId } from '../subscription/subscription.examples.js';
import { CloseRoster } from './close-roster.js';
import { RosterDecider } from './roster.decider.js';
import { RosterClosed } from './roster.events.js';
import { aClosedRoster, aRosterOfTwo, otherSubscriptionId } from './roster.examples.js';

const { given } = specification(RosterDecider);
const close = new CloseRoster({ accountId });

describe('Closing the roster', () => {
  it('names every subscription that is running', () => {
    given(aRosterOfTwo())
      .when(close)
      .then(new RosterClosed({ accountId, running: [subscriptionId, otherSubscriptionId] }));
  });

  it('is recorded for an account that never had a subscription, so that none starts', () => {
    given()
      .when(close)
      .then(new RosterClosed({ accountId, running: [] }));
  });

  it('a second time changes nothing', () => {
    given(aClosedRoster()).when(close).thenNothing();
  });
});
