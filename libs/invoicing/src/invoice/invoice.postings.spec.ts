import fc from 'fast-check';
import type { EventContext } from '#event-sourcing/domain-event.js';
import { derivedId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { InvoiceLine } from './invoice.events.js';
import { accountId, baseCharge, freeCharge, issued, january31, line, planId, seatsCharge, setupCharge, usd } from './invoice.examples.js';
import { invoicePostings } from './invoice.postings.js';

const posted = (...lines: readonly InvoiceLine[]) =>
  invoicePostings.postingsOf(
    issued(
      lines.reduce((sum, { amount }) => sum + amount.amount, 0n),
      ...lines,
    ),
    {} as EventContext,
  );

describe('What the books take from an invoice', () => {
  it('is owed by the customer; what was billed in advance is earned later, what is for once at once', () => {
    expect(posted(line(baseCharge), line(seatsCharge), line(setupCharge))).toEqual([
      { from: `deferred-revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(2900n), lineId: baseCharge.id },
      { from: `deferred-revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(2701n), lineId: seatsCharge.id },
      { from: `revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(5000n), lineId: setupCharge.id },
    ]);
  });

  it('is earned at once where it was used', () => {
    expect(posted(line({ ...seatsCharge, kind: 'usage' }))).toEqual([
      { from: `revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(2701n), lineId: seatsCharge.id },
    ]);
  });

  it('is nothing for a line of nothing', () => {
    expect(posted(line(freeCharge))).toEqual([]);
  });

  it('is earned at once where the period has passed when it is billed', () => {
    const past = { ...baseCharge, period: { start: instant('2025-12-31T15:00:00Z'), end: january31 } };
    expect(posted(line(past))).toMatchObject([{ from: `revenue:${planId}` }]);
  });

  it('goes the other way for a line that takes back', () => {
    const back = { ...baseCharge, id: derivedId<'charge'>(accountId, 'back'), amount: usd(-1000n), reverses: baseCharge.id };
    expect(posted(line(setupCharge), line(back))).toEqual([
      { from: `revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(5000n), lineId: setupCharge.id },
      { from: `receivable:${accountId}`, to: `deferred-revenue:${planId}`, amount: usd(1000n), lineId: back.id },
    ]);
  });

  it('is exactly the total of the invoice, whatever its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 18n }), { maxLength: 12 }), (amounts) => {
        const postings = posted(...amounts.map((amount) => line({ ...baseCharge, amount: usd(amount) })));
        const sum = Money.sum(
          postings.map(({ amount }) => amount),
          'USD',
        );
        expect(sum.amount).toBe(amounts.reduce((whole, part) => whole + part, 0n));
        expect(postings.every(({ amount }) => amount.isPositive)).toBe(true);
      }),
    );
  });
});
