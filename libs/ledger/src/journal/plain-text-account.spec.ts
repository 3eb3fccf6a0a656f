import { plainTextAccount } from './plain-text-account.js';

describe('The plain text name of a ledger account', () => {
  it.each([
    ['receivable:0190f0c8-1111-7000-8000-00000000002a', 'assets:receivable:0190f0c8-1111-7000-8000-00000000002a'],
    ['cash:stripe', 'assets:cash:stripe'],
    ['deferred-revenue:pro', 'liabilities:deferred-revenue:pro'],
    ['revenue:pro', 'revenue:pro'],
    ['tax-payable:US-NY', 'liabilities:tax-payable:US-NY'],
    ['discounts', 'expenses:discounts'],
  ])('puts %s where an accountant looks for it', (account, name) => {
    expect(plainTextAccount(account)).toBe(name);
  });

  it('shows an account that has no place', () => {
    expect(plainTextAccount('goodwill:x')).toBe('unclassified:goodwill:x');
    expect(plainTextAccount('constructor:x')).toBe('unclassified:constructor:x');
  });

  it('lets nothing through that would be syntax', () => {
    expect(plainTextAccount('tax-payable:Île-de-France (2026)  -5 USD ; x\n2026-01-01 =')).toBe(
      'liabilities:tax-payable:Île-de-France__2026___-5_USD___x_2026-01-01__',
    );
  });
});
