import { specification } from '#event-sourcing/testing/specification.js';
import { anAccountId, anAmount, anInvoiceId, requestedAt } from '../payment/payment.examples.js';
import { AccountHoldDecider } from './account-hold.decider.js';
import { AccountParked, AccountReleased } from './account-hold.events.js';
import { ReleaseAccount } from './release-account.js';

const hold = specification(AccountHoldDecider);
const now = requestedAt;
const parked = new AccountParked({ accountId: anAccountId, reason: 'stray_charge', details: 'pi_1', parkedAt: now });
const release = new ReleaseAccount({ accountId: anAccountId, reason: 'refunded by hand' });
const withheld = [{ invoiceId: anInvoiceId, amount: anAmount, issuedAt: now }];

describe('releasing an account', () => {
  it('names what is to be asked for now', () => {
    const released = new AccountReleased({ accountId: anAccountId, reason: 'refunded by hand', withheld, releasedAt: now });
    hold.given(parked).when(release, { now, facts: { withheld } }).then(released);
  });

  it('is refused where nothing is parked', () => {
    hold
      .given()
      .when(release, { facts: { withheld: [] } })
      .thenRefused('account_not_parked');
  });
});
