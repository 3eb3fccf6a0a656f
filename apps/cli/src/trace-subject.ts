import type { Sql } from '#event-sourcing/sql.js';
import { bucketOf, isId } from '#kernel/ids.js';

/** So many requests are shown of what has seen more; the newest. */
export const SHOWN_REQUESTS = 20;

/**
 * The correlation ids of the requests that made what the text names, the oldest first: a correlation id itself, the id of an event,
 * stream or resource, an invoice's number, an account's e-mail address, or an id of the gateway. An account stands for all it has.
 */
export async function requestsThatMade(sql: Sql, text: string): Promise<string[]> {
  const [direct] = await sql.query<{ correlation_id: string }>(
    `select correlation_id from es.event where correlation_id = $1 or event_id::text = lower($1) limit 1`,
    [text],
  );
  if (direct) return [direct.correlation_id];
  const ids = await streamsNamed(sql, text);
  const rows = await sql.query<{ correlation_id: string }>(
    `select correlation_id from es.event where bucket = any($1::smallint[]) and stream_id = any($2::uuid[])
      group by correlation_id order by max(effective_at) desc, correlation_id limit $3`,
    [[...new Set(ids.map(bucketOf))], ids, SHOWN_REQUESTS],
  );
  return rows.map(({ correlation_id }) => correlation_id).reverse();
}

async function streamsNamed(sql: Sql, text: string): Promise<string[]> {
  const lower = text.toLowerCase();
  const named = isId(lower) ? [lower] : await found(sql, BY_TEXT, text);
  return [...new Set([...named, ...(await found(sql, OF_ACCOUNTS, named))])];
}

async function found(sql: Sql, statement: string, value: string | readonly string[]): Promise<string[]> {
  return (await sql.query<{ id: string }>(statement, [value])).map(({ id }) => id);
}

const BY_TEXT = `
  select id from accounts.account_details where lower(email) = lower($1)
  union select id from invoicing.invoice_details where number = upper($1)
  union select account_id from payments.payment_method where customer_id = $1 or method_id = $1
  union select id from payments.payment_details where intent_id = $1 or charge_id = $1`;

const OF_ACCOUNTS = `
  select id from subscriptions.subscription_details where account_id = any($1::uuid[])
  union select id from invoicing.invoice_details where account_id = any($1::uuid[])
  union select id from payments.payment_details where account_id = any($1::uuid[])`;
