import type Stripe from 'stripe';
import type { Sql } from '#event-sourcing/sql.js';
import { currency, minorDigits } from '#kernel/currency.js';

const PAGE = 100;

/**
 * Lists the gateway's intents, all of them, into the temporary table `gateway_intent`, so that any number of them can be
 * compared with ours by one statement. Answers how many there are.
 */
export async function listIntents(sql: Sql, stripe: Stripe): Promise<number> {
  await sql.query(`create temp table gateway_intent (
    id text primary key, payment_id text, invoice_id text, status text, received numeric, currency text, created_at timestamptz) on commit drop`);
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
  const received = intents.map(inMinorUnits);
  await sql.query(
    `insert into gateway_intent select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[])`,
    [
      intents.map(({ id }) => id),
      intents.map(({ metadata }) => metadata.paymentId ?? null),
      intents.map(({ metadata }) => metadata.invoiceId ?? null),
      intents.map(({ status }) => status),
      received.map(({ amount }) => amount),
      received.map(({ code }) => code),
      intents.map(({ created }) => new Date(created * 1000).toISOString()),
    ],
  );
}

/** Decimals of Stripe's unit, where they are not those of ISO 4217 (docs.stripe.com/currencies, "Special cases"). */
const STRIPE_DIGITS: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/** What was received, as a decimal text: part of a minor unit cannot have been asked for by us, and must not be rounded away. */
function inMinorUnits({ amount_received, currency: given }: Stripe.PaymentIntent): { amount: string; code: string } {
  const code = currency(given.toUpperCase());
  const shift = (STRIPE_DIGITS[code] ?? minorDigits(code)) - minorDigits(code);
  const digits = String(amount_received).padStart(shift + 1, '0');
  const amount = shift > 0 ? `${digits.slice(0, -shift)}.${digits.slice(-shift)}` : digits + '0'.repeat(-shift);
  return { amount, code };
}
