import { currencies, currency, isCurrency, minorDigits } from './currency.js';

describe('A currency', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['CLP', 0],
    ['UYI', 0],
    ['USD', 2],
    ['EUR', 2],
    ['HUF', 2],
    ['COP', 2],
    ['MGA', 2],
    ['KWD', 3],
    ['IQD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ] as const)('%s has %d minor digits, as ISO 4217 says and not as Intl does', (code, digits) => {
    expect(minorDigits(code)).toBe(digits);
    expect(currency(code)).toBe(code);
  });

  it.each(['', 'usd', 'US', 'USDT', 'XXX', 'XAU', 'DEM', 'ZZZ', 'toString', '__proto__', 'constructor'])(
    'is refused when given as "%s"',
    (given) => {
      expect(() => currency(given, '/currency')).toThrow(expect.objectContaining({ code: 'currency_unknown', pointer: '/currency' }));
      expect(isCurrency(given)).toBe(false);
    },
  );

  it('is one of 165 codes, of which 17 have no minor digits, 7 have three and 2 have four', () => {
    const having = (digits: number) => currencies.filter((code) => minorDigits(code) === digits).length;
    expect([currencies.length, having(0), having(2), having(3), having(4)]).toEqual([165, 17, 139, 7, 2]);
    expect(currencies).toEqual([...currencies].sort());
  });

  it('is known for every country where Intl knows one in use, except where ISO has withdrawn it', () => {
    const withdrawn = ['ANG', 'BGN', 'CUC', 'HRK', 'SLL', 'ZWL'];
    const notBillable = ['XDR', 'XSU'];
    const missing = Intl.supportedValuesOf('currency').filter((code) => !isCurrency(code));
    expect(missing.filter((code) => !withdrawn.includes(code) && !notBillable.includes(code))).toEqual([]);
  });

  it('has the digits of ISO 4217, also where Intl has those that people write', () => {
    // ISO counts in hundredths (of the dinar in thousandths) what is too small to be seen in shops, and so do banks and gateways.
    const seldomWritten = ['AFN', 'ALL', 'COP', 'HUF', 'IDR', 'IQD', 'IRR', 'KPW', 'LAK', 'LBP', 'MGA', 'MMK', 'PKR', 'SOS', 'SYP', 'YER'];
    const digitsIn = (code: string) =>
      new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits;
    const differing = currencies.filter((code) => digitsIn(code) !== minorDigits(code));
    expect(differing.filter((code) => !seldomWritten.includes(code))).toEqual([]);
    expect(differing.filter((code) => minorDigits(code) === 0)).toEqual([]);
  });

  it('is one that Intl knows as in use, a fund code of ISO, or one of two that Intl has not yet', () => {
    // Funds are counted in, seldom paid in; whoever agrees on an index (CLF, UYW) can be billed in it.
    const funds = ['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW'];
    const notYet = ['VED', 'XAD'];
    const known = Intl.supportedValuesOf('currency');
    expect(currencies.filter((code) => ![...known, ...funds, ...notYet].includes(code))).toEqual([]);
  });
});
