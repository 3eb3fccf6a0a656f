import { specification } from '#event-sourcing/testing/specification.js';
import { accountId, subscriptionId } from '../subscription/subscription.examples.js';
import { EnterRoster } from './enter-roster.js';
import { RosterDecider } from './roster.decider.js';
import { RosterLeft } from './roster.events.js';
import { aClosedRoster, entered, otherSubscriptionId } from './roster.examples.js';

const { given } = specification(RosterDecider);
const enter = new EnterRoster({ accountId, subscriptionId });

describe('Entering the roster', () => {
  it('is how the first subscription of an account begins', () => {
    given().when(enter).then(entered());
  });

  it('is open to further subscriptions', () => {
    given(entered(otherSubscriptionId)).when(enter).then(entered());
  });

  it('a second time changes nothing', () => {
    given(entered()).when(enter).thenNothing();
  });

  it('is possible again after leaving', () => {
    given(entered(), new RosterLeft({ accountId, subscriptionId })).when(enter).then(entered());
  });

  it('is refused once the account is closed', () => {
    given(aClosedRoster())
      .when(new EnterRoster({ accountId, subscriptionId: otherSubscriptionId }))
      .thenRefused('account_closed');
  });
});
