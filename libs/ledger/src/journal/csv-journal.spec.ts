import { Money } from '#kernel/money.js';
import { csvJournal } from './csv-journal.js';
import { anInvoiceIn, anInvoiceOfTwoLines, aPayment, customer, eventId, lineId, plan } from './journal.examples.js';

const written = (...accounts: [debit: string, credit: string][]): string[] =>
  csvJournal()
    .write([
      {
        ...aPayment(),
        postings: accounts.map(([debitAccount, creditAccount]) => ({
          debitAccount,
          creditAccount,
          amount: Money.of(1n, 'USD'),
          lineId: null,
        })),
      },
    ])
    .split('\r\n');

describe('The journal as CSV', () => {
  it('names its columns, and ends every row as RFC 4180 says', () => {
    expect(csvJournal().header).toBe('effective_at,event_id,index,debit_account,credit_account,amount,amount_minor,currency,line_id\r\n');
  });

  it('has a row for each posting', () => {
    const id = eventId('an invoice of two lines');
    expect(csvJournal().write([anInvoiceOfTwoLines()])).toBe(
      `2026-02-28T12:00:00.000Z,${id},0,receivable:${customer},deferred-revenue:${plan},29.00,2900,USD,${lineId}\r\n` +
        `2026-02-28T12:00:00.000Z,${id},1,receivable:${customer},revenue:${plan},0.05,5,USD,\r\n`,
    );
  });

  it('writes amounts exactly, with the decimals of the currency', () => {
    const amounts = csvJournal()
      .write([anInvoiceIn('JPY', 1250n), anInvoiceIn('KWD', 1250n), anInvoiceIn('USD', 9_007_199_254_740_993_001n)])
      .split('\r\n')
      .map((row) => row.split(',').slice(5, 8).join(' '));
    expect(amounts).toEqual(['1250 1250 JPY', '1.250 1250 KWD', '90071992547409930.01 9007199254740993001 USD', '']);
  });

  it('quotes what would end a cell', () => {
    expect(written(['a,b', 'c"d'], ['e\r\nf', 'g'])[0]).toContain('"a,b","c""d"');
    expect(written(['e\nf', 'g'])[0]).toContain('"e\nf",g');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=x', ' =1+1', '＝1'])('makes text of %j, which a spreadsheet would run', (account) => {
    expect(written([account, 'x']).join('\r\n')).toContain(`'${account}`);
  });

  it('leaves a minus inside a name alone', () => {
    expect(written(['deferred-revenue:pro', 'x'])[0]).toContain(',deferred-revenue:pro,x,');
  });
});
