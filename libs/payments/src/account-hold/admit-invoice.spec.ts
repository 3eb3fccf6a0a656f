import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId, type InvoiceId } from '#kernel/ids.js';
import { type Instant, plusMs } from '#kernel/instant.js';
import { anAccountId, anAmount, anInvoiceId, requestedAt } from '../payment/payment.examples.js';
import { AccountHoldDecider } from './account-hold.decider.js';
import { AccountParked, AccountReleased, InvoiceAdmitted } from './account-hold.events.js';
import { AdmitInvoice } from './admit-invoice.js';

const hold = specification(AccountHoldDecider);
const DAY_MS = 24 * 3_600_000;
const now = requestedAt;
const admit = (unadmittedLately: number, issuedAt: Instant = now) =>
  new AdmitInvoice({ accountId: anAccountId, invoiceId: anInvoiceId, amount: anAmount, issuedAt, unadmittedLately });
const admitted = (invoiceId: InvoiceId = anInvoiceId, issuedAt: Instant = now) =>
  new InvoiceAdmitted({ accountId: anAccountId, invoiceId, amount: anAmount, issuedAt });
const others = (count: number, issuedAt?: Instant) =>
  Array.from({ length: count }, (_, index) => admitted(derivedId(anAccountId, `invoice/${index}`), issuedAt));
const details = `The invoice ${anInvoiceId} was one too many for a day.`;
const parked = new AccountParked({ accountId: anAccountId, reason: 'too_many_invoices', details, parkedAt: now });
const released = new AccountReleased({ accountId: anAccountId, reason: 'a hundred branches', withheld: [], releasedAt: now });

describe('admitting an invoice', () => {
  it('goes on up to the hundredth of a day, with those that were not counted here', () => {
    hold.given().when(admit(99)).then(admitted());
    hold.given(others(49)).when(admit(50)).then(admitted());
    hold.given(others(99)).when(admit(0)).then(admitted());
  });

  it('parks the account at the one after', () => {
    hold.given().when(admit(100), { now }).then(parked);
    hold.given(others(50)).when(admit(50), { now }).then(parked);
    hold.given(others(100)).when(admit(0), { now }).then(parked);
  });

  it('counts a day, to the millisecond', () => {
    hold
      .given(others(100))
      .when(admit(0, plusMs(now, DAY_MS)))
      .then(admitted(anInvoiceId, plusMs(now, DAY_MS)));
    hold
      .given(others(100))
      .when(admit(0, plusMs(now, DAY_MS - 1)), { now })
      .then(parked);
  });

  it('does not count what is issued later, as a start in the past has it', () => {
    hold
      .given(others(100, plusMs(now, 1)))
      .when(admit(0))
      .then(admitted());
  });

  it('counts nothing of before a release', () => {
    hold.given(others(100), parked, released).when(admit(0)).then(admitted());
  });

  it('says nothing while the account is parked: its invoices wait for the release', () => {
    hold.given(parked).when(admit(0)).thenNothing();
  });

  it('keeps no more than a day', () => {
    const later = plusMs(now, DAY_MS);
    const history = [...others(100), admitted(anInvoiceId, later)];
    expect(history.reduce(AccountHoldDecider.evolve, AccountHoldDecider.initialState)).toEqual({
      status: 'free',
      admitted: [{ invoiceId: anInvoiceId, issuedAt: later }],
    });
  });
});
