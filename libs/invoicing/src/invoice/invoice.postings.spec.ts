import fc from 'fast-check';
import type { EventContext } from '#event-sourcing/domain-event.js';
import { Money } from '#kernel/money.js';
import type { InvoiceLine } from './invoice.events.js';
import { accountId, baseCharge, freeCharge, issued, line, planId, seatsCharge, setupCharge, usd } from './invoice.examples.js';
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
  it('is owed by the customer, line by line; what was billed in advance is earned later, what is for once at once', () => {
    const [base, seats, setup] = [line(baseCharge, 0), line(seatsCharge, 1), line(setupCharge, 2)];
    expect(posted(base, seats, setup)).toEqual([
      { from: `deferred-revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(2900n), lineId: base.id },
      { from: `deferred-revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(2701n), lineId: seats.id },
      { from: `revenue:${planId}`, to: `receivable:${accountId}`, amount: usd(5000n), lineId: setup.id },
    ]);
  });

  it('is nothing for a line of nothing', () => {
    expect(posted(line(freeCharge, 0))).toEqual([]);
  });

  it('is exactly the total of the invoice, whatever its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 18n }), { maxLength: 12 }), (amounts) => {
        const postings = posted(...amounts.map((amount, index) => line({ ...baseCharge, amount: usd(amount) }, index)));
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
