/** Where our ledger accounts stand in a chart of accounts, by their first word. */
const chart: Readonly<Record<string, string>> = {
  receivable: 'assets:receivable',
  cash: 'assets:cash',
  'deferred-revenue': 'liabilities:deferred-revenue',
  'customer-credit': 'liabilities:customer-credit',
  'tax-payable': 'liabilities:tax-payable',
  revenue: 'revenue',
  refunds: 'expenses:refunds',
  'bad-debt': 'expenses:bad-debt',
  discounts: 'expenses:discounts',
};

/**
 * The name of a ledger account in plain text accounting: `receivable:0190…` is `assets:receivable:0190…`. An account whose
 * first word has no place in the chart is put under `unclassified`, where a person will see it.
 * Letters, digits and `_ . - :` are kept; to hledger and ledger, spaces, brackets and semicolons would mean something else.
 */
export function plainTextAccount(account: string): string {
  const [kind = '', ...rest] = account.split(':');
  const place = Object.hasOwn(chart, kind) ? chart[kind]! : `unclassified:${kind}`;
  return [place, ...rest].join(':').replaceAll(/[^\p{L}\p{N}_.:-]/gu, '_');
}
