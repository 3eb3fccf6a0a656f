import fc from 'fast-check';
import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId, type SubscriptionId, type TestClockId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import { InvoiceDecider } from './invoice.decider.js';
import type { InvoiceIssued } from './invoice.events.js';
import {
  accountId,
  anOpenInvoice,
  aPaidInvoice,
  baseCharge,
  billing,
  collected,
  freeCharge,
  invoiceId,
  issue,
  issued,
  january31,
  line,
  paid,
  seatsCharge,
  setupCharge,
} from './invoice.examples.js';
import { invoiceIdOf } from './invoice.policies.js';
import { IssueInvoice, issueInvoice } from './issue-invoice.js';

const { given } = specification(InvoiceDecider);
const at = { now: january31, facts: billing };
const decided = (charges: readonly Charge[]): InvoiceIssued['data'] =>
  (issueInvoice(issue(...charges), { status: 'absent' }, at)[0] as InvoiceIssued).data;

describe('US5: issuing an invoice', () => {
  it('makes a line of each charge, and sums them', () => {
    given()
      .when(new IssueInvoice(issue(baseCharge, seatsCharge, setupCharge)), at)
      .then(issued(10_601n, line(baseCharge), line(seatsCharge), line(setupCharge)), collected(10_601n));
  });

  it('says on the line which part of the period is charged', () => {
    const part = { ...baseCharge, amount: Money.of(1643n, 'USD'), proration: { numerator: '17', denominator: '30', unit: 'day' as const } };
    given()
      .when(new IssueInvoice(issue(part)), at)
      .then(issued(1643n, line(part, 'Pro (17 of 30 days)')), collected(1643n));
  });

  it('of nothing is paid at once, without a payment', () => {
    given()
      .when(new IssueInvoice(issue(freeCharge)), at)
      .then(issued(0n, line(freeCharge)), collected(0n), paid(0n, null));
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

  it('has a series of its own on each test clock', () => {
    const testClockId: TestClockId = derivedId(accountId, 'a clock');
    const [event] = issueInvoice(issue(baseCharge), { status: 'absent' }, { now: january31, facts: { ...billing, testClockId } });
    expect((event as InvoiceIssued).data.series).toBe(`TEST-${testClockId.slice(-12).toUpperCase()}-2026`);
  });

  it('is of no one subscription where it bills several', () => {
    const another: SubscriptionId = derivedId(accountId, 'another subscription');
    expect(decided([baseCharge, seatsCharge]).subscriptionId).toBe(baseCharge.subscriptionId);
    expect(decided([baseCharge, { ...seatsCharge, subscriptionId: another }]).subscriptionId).toBeNull();
  });

  it('names on a line the line that it takes back, and never comes to less than nothing', () => {
    const back: Charge = { ...baseCharge, id: derivedId(accountId, 'back'), amount: Money.of(-1000n, 'USD'), reverses: baseCharge.id };
    const { lines, total } = decided([setupCharge, back]);
    expect(lines[1]).toMatchObject({ reversesLineId: baseCharge.id, amount: { amount: -1000n }, net: { amount: -1000n } });
    expect(total.amount).toBe(4000n);
    expect(() => decided([back])).toThrow('credit note');
  });

  it('of late usage names the invoice that it adds to, where there is one', () => {
    const supplements = (cause?: string) => {
      const bill = { kind: 'lateUsage', cause: 'late-usage/1', charges: [seatsCharge], ...(cause && { supplements: cause }) } as const;
      return issueInvoice({ invoiceId, accountId, bill }, { status: 'absent' }, at)[0]!.data as InvoiceIssued['data'];
    };
    expect(supplements('period/2')).toMatchObject({ kind: 'lateUsage', supplements: invoiceIdOf(seatsCharge.subscriptionId!, 'period/2') });
    expect(supplements().supplements).toBeNull();
  });

  it('is another for another cause, even at the same moment, and the same for the same', () => {
    const owner = baseCharge.subscriptionId!;
    expect(invoiceIdOf(owner, 'period/2')).toBe(invoiceIdOf(owner, 'period/2'));
    expect(new Set(['period/2', 'period/3', 'change/2', 'start'].map((cause) => invoiceIdOf(owner, cause))).size).toBe(4);
  });

  it('is due so many days later at the same local time, whatever the clocks do meanwhile', () => {
    const [event] = issueInvoice(issue(baseCharge), { status: 'absent' }, { now: instant('2026-03-01T15:00:00Z'), facts: billing });
    expect((event as InvoiceIssued).data.dueAt).toBe('2026-03-15T14:00:00.000Z');
  });

  it('has lines that sum to its total, exactly and at any size', () => {
    const anyAmount = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(fc.array(anyAmount, { minLength: 1, maxLength: 20 }), (amounts) => {
        const { lines, subtotal, total } = decided(
          amounts.map((amount, index) => ({ ...baseCharge, id: derivedId(accountId, `charge/${index}`), amount: Money.of(amount, 'USD') })),
        );
        const sum = amounts.reduce((whole, part) => whole + part, 0n);
        expect([subtotal.amount, total.amount]).toEqual([sum, sum]);
        expect(new Set(lines.map(({ id }) => id)).size).toBe(amounts.length);
      }),
    );
  });
});
