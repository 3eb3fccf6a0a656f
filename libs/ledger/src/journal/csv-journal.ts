import type { JournalEntry, JournalWriter } from './journal.js';

const COLUMNS = ['effective_at', 'event_id', 'index', 'debit_account', 'credit_account', 'amount', 'amount_minor', 'currency', 'line_id'];

/** RFC 4180, a row for each posting: `amount` is a decimal in major units, `amount_minor` the same in whole minor units. */
export function csvJournal(): JournalWriter {
  return { header: row(COLUMNS), write: (entries) => entries.flatMap(rowsOf).join('') };
}

function rowsOf({ id, effectiveAt, postings }: JournalEntry): string[] {
  return postings.map(({ debitAccount, creditAccount, amount, lineId }, index) =>
    row([
      effectiveAt,
      id,
      String(index),
      text(debitAccount),
      text(creditAccount),
      amount.decimal(),
      amount.amount.toString(),
      amount.currency,
      lineId ?? '',
    ]),
  );
}

function row(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A spreadsheet takes text that begins like a formula for one, and runs it; after an apostrophe it stays text (CWE-1236). */
function text(cell: string): string {
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u.test(cell) ? `'${cell}` : cell;
}
