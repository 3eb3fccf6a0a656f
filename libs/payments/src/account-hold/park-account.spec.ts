import { specification } from '#event-sourcing/testing/specification.js';
import { anAccountId, requestedAt } from '../payment/payment.examples.js';
import { AccountHoldDecider } from './account-hold.decider.js';
import { AccountParked, AccountReleased } from './account-hold.events.js';
import { ParkAccount } from './park-account.js';

const hold = specification(AccountHoldDecider);
const now = requestedAt;
const park = new ParkAccount({ accountId: anAccountId, reason: 'stray_charge', details: 'pi_1' });
const parked = new AccountParked({ ...park.data, parkedAt: now });

describe('parking an account', () => {
  it('keeps the first reason, and nothing of the others', () => {
    hold.given().when(park, { now }).then(parked);
    hold
      .given(parked)
      .when(new ParkAccount({ ...park.data, reason: 'too_many_invoices' }))
      .thenNothing();
  });

  it('is possible again after a release', () => {
    const released = new AccountReleased({ accountId: anAccountId, reason: 'looked at', withheld: [], releasedAt: now });
    hold.given(parked, released).when(park, { now }).then(parked);
  });
});
