import type { FactsRequest } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import type { PaymentId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { MOST_INVOICES_A_DAY } from '../payment/payment.policies.js';
import type { PayerFacts, RequestFacts, RequestPayment } from '../payment/request-payment.js';
import type { RetryFacts, RetryPayment } from '../payment/retry-payment.js';

interface PayerRow {
  is_parked: boolean;
  gateway: string | null;
  customer_id: string | null;
  method_id: string | null;
}

interface RequestRow extends PayerRow {
  issued_lately: number;
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

export async function requestFacts(sql: Sql, requests: readonly FactsRequest<RequestPayment>[], bucket: number): Promise<RequestFacts[]> {
  const rows = await sql.query<RequestRow>(
    `select ${PAYER_COLUMNS}, lately.count as issued_lately, not coalesce(i.is_open, true) as is_closed
       from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) with ordinality as u (account_id, invoice_id, issued_at, index)
       ${PAYER}
       ${INVOICE} on true
      cross join lateral (
        select count(*)::integer from (
          select 1 from payments.collectible_invoice l
           where l.bucket = $1::smallint and l.account_id = u.account_id and l.id <> u.invoice_id and l.issued_at <= u.issued_at
             and l.issued_at > greatest(u.issued_at - interval '1 day', p.released_at)
           limit ${MOST_INVOICES_A_DAY}) as seen) as lately
      order by u.index`,
    [
      bucket,
      requests.map(({ data: { accountId } }) => accountId),
      requests.map(({ data: { invoiceId } }) => invoiceId),
      requests.map(({ data: { issuedAt } }) => issuedAt),
    ],
  );
  return rows.map((row) => ({ ...payerOf(row), issuedLately: row.issued_lately, isClosed: row.is_closed }));
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
