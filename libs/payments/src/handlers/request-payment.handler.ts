import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import { bucketOf, type PaymentId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import type { PayerFacts, RequestPayment } from '../payment/request-payment.js';
import type { RetryFacts, RetryPayment } from '../payment/retry-payment.js';

interface PayerRow {
  customer_id: string | null;
  method_id: string | null;
}

interface RetryRow extends PayerRow {
  is_open: boolean | null;
  due_amount: string;
  currency: Currency;
  attempts: number;
  open_payment_id: PaymentId | null;
}

const PAYER = `left join payments.payer p on p.bucket = $1::smallint and p.id = u.account_id
               left join payments.payment_method m on m.bucket = $1::smallint and m.id = p.default_method_id`;

/** All commands of a call are of one bucket, since they are of one transaction. */
export async function payerFacts(sql: Sql, commands: readonly RequestPayment['data'][]): Promise<PayerFacts[]> {
  const rows = await sql.query<PayerRow>(
    `select m.customer_id, m.method_id from unnest($2::uuid[]) with ordinality as u (account_id, index) ${PAYER} order by u.index`,
    [bucketOf(commands[0]!.accountId), commands.map(({ accountId }) => accountId)],
  );
  return rows.map(payerOf);
}

export async function retryFacts(sql: Sql, commands: readonly RetryPayment['data'][]): Promise<RetryFacts[]> {
  const rows = await sql.query<RetryRow>(
    `select m.customer_id, m.method_id, i.is_open, i.due_amount, i.currency, i.attempts, i.open_payment_id
       from unnest($2::uuid[], $3::uuid[]) with ordinality as u (account_id, invoice_id, index)
       ${PAYER}
       left join payments.collectible_invoice i on i.bucket = $1::smallint and i.id = u.invoice_id and i.account_id = u.account_id
      order by u.index`,
    [bucketOf(commands[0]!.invoiceId), commands.map(({ accountId }) => accountId), commands.map(({ invoiceId }) => invoiceId)],
  );
  return rows.map((row) => ({ ...payerOf(row), invoice: row.is_open === null ? null : invoiceOf(row) }));
}

function payerOf({ customer_id, method_id }: PayerRow): PayerFacts {
  return { method: customer_id && method_id ? { customerId: customer_id, methodId: method_id } : null };
}

function invoiceOf(row: RetryRow): NonNullable<RetryFacts['invoice']> {
  const { attempts, open_payment_id: openPaymentId } = row;
  return { isOpen: row.is_open === true, amountDue: Money.of(BigInt(row.due_amount), row.currency), attempts, openPaymentId };
}
