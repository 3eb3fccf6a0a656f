import { baseCharge, issued, line } from './invoice/invoice.examples.js';
import { invoiceNumbers } from './invoice.series.js';

const numbered = (number: bigint): string => {
  const invoice = issued(2900n, line(baseCharge));
  expect(invoiceNumbers.seriesOf(invoice)).toBe('INV-2026');
  invoiceNumbers.assign(invoice, number);
  return invoice.data.number;
};

describe('The number of an invoice', () => {
  it('counts within prefix and year, in six digits or as many as it takes', () => {
    expect(numbered(1n)).toBe('INV-2026-000001');
    expect(numbered(999_999n)).toBe('INV-2026-999999');
    expect(numbered(1_000_000n)).toBe('INV-2026-1000000');
  });
});
