import type { Currency } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';

/** All that was debited and credited to one ledger account in one currency. */
export interface AccountSums {
  readonly account: string;
  readonly debit: Money;
  readonly credit: Money;
}

export interface AccountBalance extends AccountSums {
  /** Debit minus credit: below zero where credits prevail, as in revenue and in what we owe. */
  readonly balance: Money;
}

export interface CurrencyBalance {
  readonly currency: Currency;
  readonly accounts: readonly AccountBalance[];
  readonly totals: Omit<AccountBalance, 'account'>;
  readonly balanced: boolean;
}

/** The trial balance, a part for each currency in the order of the sums. Currencies never mix, so each must balance by itself. */
export function trialBalanceOf(sums: readonly AccountSums[]): CurrencyBalance[] {
  const byCurrency = Map.groupBy(sums, ({ debit }) => debit.currency);
  return [...byCurrency].map(([currency, ofCurrency]) => {
    const accounts = ofCurrency.map((sum) => ({ ...sum, balance: sum.debit.minus(sum.credit) }));
    const totalOf = (side: 'debit' | 'credit' | 'balance') =>
      Money.sum(
        accounts.map((account) => account[side]),
        currency,
      );
    const totals = { debit: totalOf('debit'), credit: totalOf('credit'), balance: totalOf('balance') };
    return { currency, accounts, totals, balanced: totals.debit.equals(totals.credit) };
  });
}
