import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dev } from './platform.js';

const PAID_WITHIN_MS = 20_000;

interface Resource {
  readonly id: string;
  readonly [field: string]: unknown;
}

/** What the first five minutes made, to be found again. */
export interface Made {
  readonly accountId: string;
  readonly invoiceId: string;
}

/** The requests of the README's first five minutes: an account with a card, a plan, a subscription, its invoice paid. */
export async function firstMinutes(dev: Dev): Promise<Made> {
  const account = await post(dev, '/v1/accounts', {
    ...{ email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD', timeZone: 'America/New_York' },
    paymentMethod: { token: 'pm_card_visa' },
  });
  const price = {
    code: 'base',
    kind: 'recurring',
    model: 'flat',
    billing: 'advance',
    taxBehavior: 'exclusive',
    currencies: { USD: { amount: 2900 } },
  };
  await post(dev, '/v1/plans', { code: `pro-${account.id}`, name: 'Pro', interval: { unit: 'month', count: 1 }, prices: [price] });
  const subscription = await post(dev, '/v1/subscriptions', { accountId: account.id, planCode: `pro-${account.id}` });
  strictEqual(subscription.status, 'active');
  ok(subscription.latestInvoiceId, 'The answer to the subscription names its invoice.');

  const invoiceId = String(subscription.latestInvoiceId);
  const invoice = await paid(dev, invoiceId);
  deepStrictEqual(invoice.total, { amount: 2900, currency: 'USD' });
  deepStrictEqual(invoice.amountPaid, { amount: 2900, currency: 'USD' });
  await seenInOneQuery(dev, account.id, String(invoice.number));
  return { accountId: account.id, invoiceId };
}

export async function get(dev: Dev, path: string): Promise<Resource> {
  const response = await fetch(dev.baseUrl + path, { headers: { Authorization: `Bearer ${dev.apiKey}` } });
  return answer(`GET ${path}`, response, 200);
}

async function post(dev: Dev, path: string, body: object): Promise<Resource> {
  const headers = { Authorization: `Bearer ${dev.apiKey}`, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
  const response = await fetch(dev.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return answer(`POST ${path}`, response, 201);
}

async function answer(request: string, response: Response, expected: number): Promise<Resource> {
  const text = await response.text();
  strictEqual(response.status, expected, `${request} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

async function paid(dev: Dev, invoiceId: string): Promise<Resource> {
  const begun = performance.now();
  for (;;) {
    const invoice = await get(dev, `/v1/invoices/${invoiceId}`);
    if (invoice.status === 'paid') return invoice;
    ok(performance.now() - begun < PAID_WITHIN_MS, `The invoice is still ${String(invoice.status)} after ${PAID_WITHIN_MS / 1000} s.`);
    await pause(100);
  }
}

async function seenInOneQuery(dev: Dev, accountId: string, number: string): Promise<void> {
  const query = `query ($id: ID!) { account(id: $id) { name subscriptions(first: 5) { edges { node {
    status invoices(first: 5) { edges { node { number status total { amount currency } } } } } } } } }`;
  const response = await fetch(`${dev.baseUrl}/graphql`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${dev.apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables: { id: accountId } }),
  });
  const { data, errors } = (await response.json()) as {
    data: { account: { subscriptions: Edges<{ invoices: Edges<Shown> }> } };
    errors?: unknown;
  };
  strictEqual(errors, undefined, `GraphQL answered ${JSON.stringify(errors)}`);
  const [subscription] = data.account.subscriptions.edges;
  const [invoice] = subscription!.node.invoices.edges;
  strictEqual(invoice!.node.number, number);
  strictEqual(String(invoice!.node.status).toLowerCase(), 'paid');
  strictEqual(String(invoice!.node.total.amount), '2900');
}

interface Edges<Node> {
  readonly edges: readonly { readonly node: Node }[];
}

interface Shown {
  readonly number: string;
  readonly status: string;
  readonly total: { readonly amount: string | number; readonly currency: string };
}
