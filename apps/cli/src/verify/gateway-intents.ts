import type Stripe from 'stripe';
import type { Sql } from '#event-sourcing/sql.js';
import { fromStripeAmount } from '#payments/gateways/stripe-amount.js';

const PAGE = 100;

/**
 * Lists the gateway's intents, all of them, into the temporary table `gateway_intent`, so that any number of them can be
 * compared with ours by one statement. Answers how many there are.
 */
export async function listIntents(sql: Sql, stripe: Stripe): Promise<number> {
  await sql.query(`create temp table gateway_intent (
    id text primary key, payment_id text, invoice_id text, status text, received bigint, currency text, created_at timestamptz) on commit drop`);
  let count = 0;
  const page: Stripe.PaymentIntent[] = [];
  for await (const intent of stripe.paymentIntents.list({ limit: PAGE })) {
    page.push(intent);
    count += 1;
    if (page.length === PAGE) await keep(sql, page.splice(0));
  }
  if (page.length > 0) await keep(sql, page);
  await sql.query('analyze gateway_intent');
  return count;
}

async function keep(sql: Sql, intents: readonly Stripe.PaymentIntent[]): Promise<void> {
  const received = intents.map(({ amount_received, currency }) => fromStripeAmount(amount_received, currency));
  await sql.query(
    `insert into gateway_intent select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])`,
    [
      intents.map(({ id }) => id),
      intents.map(({ metadata }) => metadata.paymentId ?? null),
      intents.map(({ metadata }) => metadata.invoiceId ?? null),
      intents.map(({ status }) => status),
      received.map(({ amount }) => amount.toString()),
      received.map(({ currency }) => currency),
      intents.map(({ created }) => new Date(created * 1000).toISOString()),
    ],
  );
}
