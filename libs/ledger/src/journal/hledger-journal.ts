import { type Currency, minorDigits } from '#kernel/currency.js';
import type { JournalEntry, JournalPosting, JournalWriter } from './journal.js';
import { plainTextAccount } from './plain-text-account.js';

/**
 * The plain text format that both hledger and ledger read: a transaction for each event, with its id as the code, and two
 * postings for each amount. Days are those of UTC; the exact time and the line of the invoice stand beside as tags.
 */
export function hledgerJournal(): JournalWriter {
  const declared = new Set<Currency>();
  const declarations = ({ postings }: JournalEntry): string => {
    const fresh = new Set(postings.map(({ amount }) => amount.currency)).difference(declared);
    for (const currency of fresh) declared.add(currency);
    return [...fresh].map(commodity).join('');
  };
  return {
    header: '; The journal of Perennial. Amounts are exact; days are those of UTC.\n\n',
    write: (entries) => entries.map((entry) => declarations(entry) + transaction(entry)).join(''),
  };
}

/** Without its format hledger could take the point of `1.250 KWD` for a separator of thousands. Ledger takes no format without decimals. */
function commodity(currency: Currency): string {
  const digits = minorDigits(currency);
  const format = digits === 0 ? '' : `  format 1000.${'0'.repeat(digits)} ${currency}\n`;
  return `commodity ${currency}\n${format}\n`;
}

function transaction({ id, effectiveAt, postings }: JournalEntry): string {
  const head = `${effectiveAt.slice(0, 10)} (${id}) ${descriptionOf(postings[0]!)}\n    ; effective-at: ${effectiveAt}\n`;
  return `${head}${postings.map(postingLines).join('')}\n`;
}

function postingLines({ debitAccount, creditAccount, amount, lineId }: JournalPosting): string {
  const tag = lineId === null ? '' : `  ; line: ${lineId}`;
  return line(debitAccount, amount.toString(), tag) + line(creditAccount, amount.negated().toString(), tag);
}

function line(account: string, amount: string, tag: string): string {
  return `    ${plainTextAccount(account)}  ${amount}${tag}\n`;
}

/** The ledger knows no invoices or payments, only which kinds of account an amount moved between. */
function descriptionOf({ debitAccount, creditAccount }: JournalPosting): string {
  const kind = (account: string): string => account.split(':', 1)[0]!.replaceAll(/[^\p{L}\p{N}_.-]/gu, '_');
  return `${kind(creditAccount)} to ${kind(debitAccount)}`;
}
