import fc from 'fast-check';
import { specification } from '#event-sourcing/testing/specification.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import { InvoiceDecider } from './invoice.decider.js';
import type { InvoiceIssued } from './invoice.events.js';
import {
  anOpenInvoice,
  aPaidInvoice,
  baseCharge,
  billing,
  freeCharge,
  issue,
  issued,
  january31,
  line,
  paid,
  seatsCharge,
  setupCharge,
} from './invoice.examples.js';
import { IssueInvoice, issueInvoice } from './issue-invoice.js';

const { given } = specification(InvoiceDecider);
const at = { now: january31, facts: billing };
const decided = (charges: readonly Charge[]): InvoiceIssued['data'] =>
  (issueInvoice(issue(...charges), { status: 'absent' }, at)[0] as InvoiceIssued).data;

describe('US5: issuing an invoice', () => {
  it('makes a line of each charge, and sums them', () => {
    given()
      .when(new IssueInvoice(issue(baseCharge, seatsCharge, setupCharge)), at)
      .then(issued(10_601n, line(baseCharge, 0), line(seatsCharge, 1), line(setupCharge, 2)));
  });

  it('says on the line which part of the period is charged', () => {
    const part = { ...baseCharge, amount: Money.of(1643n, 'USD'), proration: { numerator: '17', denominator: '30', unit: 'day' as const } };
    given()
      .when(new IssueInvoice(issue(part)), at)
      .then(issued(1643n, line(part, 0, 'base (17 of 30 days)')));
  });

  it('of nothing is paid at once, without a payment', () => {
    given()
      .when(new IssueInvoice(issue(freeCharge)), at)
      .then(issued(0n, line(freeCharge, 0)), paid(0n, null));
  });

  it('without a single charge is paid at once too', () => {
    given().when(new IssueInvoice(issue()), at).then(issued(0n), paid(0n, null));
  });

  it('for a period that has its invoice does nothing, whether that is open or paid', () => {
    given(anOpenInvoice())
      .when(new IssueInvoice(issue(baseCharge)), at)
      .thenNothing();
    given(aPaidInvoice())
      .when(new IssueInvoice(issue(baseCharge)), at)
      .thenNothing();
  });

  it('is refused for an account that invoicing does not know', () => {
    given()
      .when(new IssueInvoice(issue(baseCharge)), { now: january31, facts: null })
      .thenRefused('account_not_billable');
  });

  it('takes its series from the prefix, and from the year in the time zone of the account', () => {
    const newYear = instant('2027-01-01T03:00:00Z');
    const seriesIn = (zone: string): string => {
      const [event] = issueInvoice(
        issue(baseCharge),
        { status: 'absent' },
        { now: newYear, facts: { ...billing, timeZone: timeZone(zone) } },
      );
      return (event as InvoiceIssued).data.series;
    };
    expect(seriesIn('America/New_York')).toBe('INV-2026');
    expect(seriesIn('Europe/Berlin')).toBe('INV-2027');
    const facts = { ...billing, numberPrefix: 'ACME' };
    const [event] = issueInvoice(issue(baseCharge), { status: 'absent' }, { now: january31, facts });
    expect((event as InvoiceIssued).data.series).toBe('ACME-2026');
  });

  it('is due so many days later at the same local time, whatever the clocks do meanwhile', () => {
    const [event] = issueInvoice(issue(baseCharge), { status: 'absent' }, { now: instant('2026-03-01T15:00:00Z'), facts: billing });
    expect((event as InvoiceIssued).data.dueAt).toBe('2026-03-15T14:00:00.000Z');
  });

  it('has lines that sum to its total, exactly and at any size', () => {
    const anyAmount = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(fc.array(anyAmount, { maxLength: 20 }), (amounts) => {
        const { lines, subtotal, total, amountDue } = decided(
          amounts.map((amount) => ({ ...baseCharge, amount: Money.of(amount, 'USD') })),
        );
        const sum = amounts.reduce((whole, part) => whole + part, 0n);
        expect([subtotal.amount, total.amount, amountDue.amount]).toEqual([sum, sum, sum]);
        expect(new Set(lines.map(({ id }) => id)).size).toBe(amounts.length);
      }),
    );
  });
});
