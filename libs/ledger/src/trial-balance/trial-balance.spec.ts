import type { Currency } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';
import { type AccountSums, trialBalanceOf } from './trial-balance.js';

const sums = (account: string, debit: bigint, credit: bigint, currency: Currency = 'USD'): AccountSums => ({
  account,
  debit: Money.of(debit, currency),
  credit: Money.of(credit, currency),
});

describe('A trial balance', () => {
  it('has no currencies where nothing was posted', () => {
    expect(trialBalanceOf([])).toEqual([]);
  });

  it('balances each account, and each currency in total', () => {
    const [dollars, ...others] = trialBalanceOf([
      sums('cash:stripe', 2900n, 400n),
      sums('deferred-revenue:pro', 0n, 2900n),
      sums('refunds', 400n, 0n),
    ]);
    expect(others).toEqual([]);
    expect(dollars).toMatchObject({ currency: 'USD', balanced: true });
    expect(dollars!.accounts.map(({ account, balance }) => [account, balance.amount])).toEqual([
      ['cash:stripe', 2500n],
      ['deferred-revenue:pro', -2900n],
      ['refunds', 400n],
    ]);
    expect(dollars!.totals).toEqual({ debit: Money.of(3300n, 'USD'), credit: Money.of(3300n, 'USD'), balance: Money.zero('USD') });
  });

  it('says which currency does not balance: one never makes up for another', () => {
    const parts = trialBalanceOf([
      sums('cash:stripe', 100n, 0n),
      sums('receivable:ada', 0n, 99n),
      sums('cash:stripe', 0n, 1n, 'JPY'),
      sums('receivable:ada', 1n, 0n, 'JPY'),
    ]);
    expect(parts.map(({ currency, balanced, totals }) => [currency, balanced, totals.balance.amount])).toEqual([
      ['USD', false, 1n],
      ['JPY', true, 0n],
    ]);
  });

  it('is exact beyond what a number can count', () => {
    const [part] = trialBalanceOf([
      sums('cash:stripe', 90_071_992_547_409_930_001n, 0n),
      sums('receivable:ada', 0n, 90_071_992_547_409_930_000n),
    ]);
    expect(part).toMatchObject({ balanced: false });
    expect(part!.totals.balance.amount).toBe(1n);
  });
});
