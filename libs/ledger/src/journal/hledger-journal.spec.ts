import { hledgerJournal } from './hledger-journal.js';
import { anInvoiceIn, anInvoiceOfTwoLines, aPayment, customer, eventId, lineId, plan } from './journal.examples.js';

describe('The journal in plain text', () => {
  it('is a transaction for each event, its postings as they moved', () => {
    expect(hledgerJournal().write([anInvoiceOfTwoLines(), aPayment()])).toBe(
      [
        'commodity USD',
        '  format 1000.00 USD',
        '',
        `2026-02-28 (${eventId('an invoice of two lines')}) deferred-revenue to receivable`,
        '    ; effective-at: 2026-02-28T12:00:00.000Z',
        `    assets:receivable:${customer}  29.00 USD  ; line: ${lineId}`,
        `    liabilities:deferred-revenue:${plan}  -29.00 USD  ; line: ${lineId}`,
        `    assets:receivable:${customer}  0.05 USD`,
        `    revenue:${plan}  -0.05 USD`,
        '',
        `2026-02-28 (${eventId('a payment')}) receivable to cash`,
        '    ; effective-at: 2026-02-28T12:00:01.000Z',
        '    assets:cash:stripe  29.05 USD',
        `    assets:receivable:${customer}  -29.05 USD`,
        '',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['JPY', 1250n, '1250 JPY', 'commodity JPY\n\n'],
    ['USD', 1250n, '12.50 USD', 'commodity USD\n  format 1000.00 USD\n\n'],
    ['KWD', 1250n, '1.250 KWD', 'commodity KWD\n  format 1000.000 KWD\n\n'],
    ['CLF', 1n, '0.0001 CLF', 'commodity CLF\n  format 1000.0000 CLF\n\n'],
    ['USD', 9_007_199_254_740_993_001n, '90071992547409930.01 USD', 'commodity USD\n  format 1000.00 USD\n\n'],
  ] as const)('writes %s exactly, with the decimals it has', (currency, amount, written, declared) => {
    const text = hledgerJournal().write([anInvoiceIn(currency, amount)]);
    expect(text).toContain(`assets:receivable:${customer}  ${written}  ; line: ${lineId}\n`);
    expect(text).toContain(`liabilities:deferred-revenue:${plan}  -${written}  ; line: ${lineId}\n`);
    expect(text.startsWith(declared)).toBe(true);
  });

  it('declares a currency once, before its first amount, however the journal is cut into pieces', () => {
    const writer = hledgerJournal();
    const text = writer.write([anInvoiceIn('EUR', 1n)]) + writer.write([anInvoiceIn('EUR', 2n), anInvoiceIn('USD', 3n)]);
    expect(text.match(/^commodity .*/gm)).toEqual(['commodity EUR', 'commodity USD']);
  });

  it('begins with a comment, so that an empty journal is a journal too', () => {
    expect(hledgerJournal().header).toMatch(/^; .*\n\n$/);
    expect(hledgerJournal().write([])).toBe('');
  });
});
