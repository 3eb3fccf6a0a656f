import type { FactsRequest } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import type { PaymentId } from '#kernel/ids.js';
import { epochMs, type Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { MOST_INVOICES_A_DAY, UNCOUNTED_INVOICES_A_DAY } from '../payment/payment.policies.js';
import type { RequestAdmittedPayment } from '../payment/request-admitted-payment.js';
import type { PayerFacts, RequestFacts, RequestPayment } from '../payment/request-payment.js';
import type { RetryFacts, RetryPayment } from '../payment/retry-payment.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface PayerRow {
  is_parked: boolean;
  gateway: string | null;
  customer_id: string | null;
  method_id: string | null;
}

interface RequestRow extends PayerRow {
  issued_lately: number;
  unadmitted_lately: number;
  released_at: Date | null;
  is_closed: boolean;
}

interface RetryRow extends PayerRow {
  is_open: boolean | null;
  due_amount: string;
  currency: Currency;
  attempts: number;
  open_payment_id: PaymentId | null;
}

/** Looked up one by one: by statistics of a day when there were few rows, PostgreSQL would read all of the bucket for each call. */
const PAYER = `left join lateral (select * from payments.payer where bucket = $1::smallint and id = u.account_id offset 0) p on true
               left join lateral (
                 select * from payments.payment_method where bucket = $1::smallint and id = p.default_method_id offset 0) m on true`;
const INVOICE = `left join lateral (select * from payments.collectible_invoice where bucket = $1::smallint and id = u.invoice_id offset 0) i`;

const PAYER_COLUMNS = 'm.gateway, m.customer_id, m.method_id, coalesce(p.is_parked, false) as is_parked';

export async function requestFacts(
  sql: Sql,
  requests: readonly FactsRequest<RequestPayment | RequestAdmittedPayment>[],
  bucket: number,
): Promise<RequestFacts[]> {
  const rows = await sql.query<RequestRow>(
    `select ${PAYER_COLUMNS}, p.released_at, lately.issued as issued_lately, lately.unadmitted as unadmitted_lately, not coalesce(i.is_open, true) as is_closed
       from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality as u (account_id, invoice_id, issued_at, index)
       ${PAYER}
       ${INVOICE} on true
      cross join lateral (
        select count(*)::integer as issued, count(*) filter (where not is_admitted)::integer as unadmitted from (
          select l.is_admitted from payments.collectible_invoice l
           where l.bucket = $1::smallint and l.account_id = u.account_id and l.id <> u.invoice_id and l.issued_at <= u.issued_at
             and l.issued_at > greatest(u.issued_at - interval '1 day', p.released_at)
           limit ${2 * MOST_INVOICES_A_DAY}) as seen) as lately
      order by u.index`,
    [
      bucket,
      requests.map(({ data: { accountId } }) => accountId),
      requests.map(({ data: { invoiceId } }) => invoiceId),
      requests.map(({ data: { issuedAt } }) => issuedAt),
    ],
  );
  const seen = seenInCall(
    requests.map(({ data }) => data),
    rows,
  );
  return rows.map((row, index) => ({ ...payerOf(row), ...seen[index]!, isClosed: row.is_closed }));
}

/** What is stored, and those before it of the same account that are asked for in the same call: they are not stored yet. */
function seenInCall(
  commands: readonly RequestPayment['data'][],
  rows: readonly RequestRow[],
): { issuedLately: number; unadmittedLately: number }[] {
  const ofAccount = new Map<string, { issuedAt: Instant; isCounted: boolean }[]>();
  return commands.map(({ accountId, issuedAt }, index) => {
    const row = rows[index]!;
    const earlier = ofAccount.get(accountId) ?? [];
    const after = Math.max(epochMs(issuedAt) - DAY_MS, row.released_at?.getTime() ?? 0);
    const lately = earlier.filter((other) => other.issuedAt <= issuedAt && epochMs(other.issuedAt) > after);
    const issuedLately = row.issued_lately + lately.length;
    const unadmittedLately = row.unadmitted_lately + lately.filter(({ isCounted }) => !isCounted).length;
    const isCounted = issuedLately >= UNCOUNTED_INVOICES_A_DAY;
    if (earlier.length > 0) earlier.push({ issuedAt, isCounted });
    else ofAccount.set(accountId, [{ issuedAt, isCounted }]);
    return { issuedLately, unadmittedLately };
  });
}

export async function retryFacts(sql: Sql, requests: readonly FactsRequest<RetryPayment>[], bucket: number): Promise<RetryFacts[]> {
  const rows = await sql.query<RetryRow>(
    `select ${PAYER_COLUMNS}, i.is_open, i.due_amount, i.currency, i.attempts, i.open_payment_id
       from unnest($2::uuid[], $3::uuid[]) with ordinality as u (account_id, invoice_id, index)
       ${PAYER}
       ${INVOICE} on i.account_id = u.account_id
      order by u.index`,
    [bucket, requests.map(({ data: { accountId } }) => accountId), requests.map(({ data: { invoiceId } }) => invoiceId)],
  );
  return rows.map((row) => ({ ...payerOf(row), invoice: row.is_open === null ? null : invoiceOf(row) }));
}

function payerOf({ gateway, customer_id, method_id, is_parked: isParked }: PayerRow): PayerFacts {
  return { isParked, method: gateway && customer_id && method_id ? { gateway, customerId: customer_id, methodId: method_id } : null };
}

function invoiceOf(row: RetryRow): NonNullable<RetryFacts['invoice']> {
  const { attempts, open_payment_id: openPaymentId } = row;
  return { isOpen: row.is_open === true, amountDue: Money.of(BigInt(row.due_amount), row.currency), attempts, openPaymentId };
}
