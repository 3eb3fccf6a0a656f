import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId, TestClockId } from '#kernel/ids.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { BillingTerms } from '../invoice/invoice.policies.js';

interface TermsRow {
  id: AccountId;
  currency: Currency;
  time_zone: TimeZone;
  number_prefix: string;
  days_until_due: number;
  particulars_version: number;
  test_clock_id: TestClockId | null;
  closed: boolean;
}

type ByAccount = { readonly data: { readonly accountId: AccountId } };
type ByInvoice = { readonly data: { readonly invoiceId: InvoiceId } };

const COLUMNS = 't.id, t.currency, t.time_zone, t.number_prefix, t.days_until_due, t.particulars_version, t.test_clock_id, t.closed';

const termsFrom = (row: TermsRow): BillingTerms => ({
  currency: row.currency,
  timeZone: row.time_zone,
  numberPrefix: row.number_prefix,
  daysUntilDue: row.days_until_due,
  particularsVersion: row.particulars_version,
  testClockId: row.test_clock_id,
  closed: row.closed,
});

/** How each of the accounts is billed, in one query. */
export async function termsOfInvoices(sql: Sql, requests: readonly ByAccount[], bucket: number): Promise<(BillingTerms | null)[]> {
  const accountIds = [...new Set(requests.map(({ data }) => data.accountId))];
  const rows = await sql.query<TermsRow>(
    `select ${COLUMNS} from invoicing.billing_terms t where t.bucket = $1::smallint and t.id = any($2::uuid[])`,
    [bucket, accountIds],
  );
  const terms = new Map(rows.map((row) => [row.id, termsFrom(row)]));
  return requests.map(({ data }) => terms.get(data.accountId) ?? null);
}

/** The same for drafts, by the account that each is for. */
export async function termsOfDrafts(sql: Sql, requests: readonly ByInvoice[], bucket: number): Promise<(BillingTerms | null)[]> {
  const invoiceIds = requests.map(({ data }) => data.invoiceId);
  const rows = await sql.query<TermsRow & { invoice_id: InvoiceId }>(
    `select i.id as invoice_id, ${COLUMNS} from invoicing.invoice_details i
       join invoicing.billing_terms t on t.bucket = i.bucket and t.id = i.account_id
      where i.bucket = $1::smallint and i.id = any($2::uuid[])`,
    [bucket, invoiceIds],
  );
  const terms = new Map(rows.map((row) => [row.invoice_id, termsFrom(row)]));
  return invoiceIds.map((id) => terms.get(id) ?? null);
}
