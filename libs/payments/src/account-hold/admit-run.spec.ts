import { specification } from '#event-sourcing/testing/specification.js';
import { anAccountId, requestedAt } from '../payment/payment.examples.js';
import { AccountHoldDecider } from './account-hold.decider.js';
import { AccountParked, AccountReleased } from './account-hold.events.js';
import { AdmitRun } from './admit-run.js';

const hold = specification(AccountHoldDecider);
const run = new AdmitRun({ accountId: anAccountId });
const parked = new AccountParked({ accountId: anAccountId, reason: 'stray_charge', details: 'pi_1', parkedAt: requestedAt });
const released = new AccountReleased({ accountId: anAccountId, reason: 'looked at', withheld: [], releasedAt: requestedAt });

describe('a run of an account', () => {
  it('is admitted where nothing is parked, and leaves no trace', () => {
    hold.given().when(run).thenNothing();
    hold.given(parked, released).when(run).thenNothing();
  });

  it('is refused while it is parked', () => {
    hold.given(parked).when(run).thenRefused('account_parked');
    hold.given(parked, released, parked).when(run).thenRefused('account_parked');
  });
});
