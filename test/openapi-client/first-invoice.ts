import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../../.cache/openapi-client/perennial.js';

type Problem = components['schemas']['Problem'];
type Invoice = components['schemas']['Invoice'];

/** What an integrator writes first, on types that come from the OpenAPI document alone. Compiled by `npm run openapi`. */
export function clientOf(baseUrl: string, apiKey: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${apiKey}` } });
}

/** From nothing to the invoices of a subscription. */
export async function firstInvoices(client: Client<paths>): Promise<readonly Invoice[]> {
  const plan = await client.POST('/v1/plans', {
    body: {
      code: 'pro',
      name: 'Pro',
      interval: { unit: 'month', count: 1 },
      prices: [{ code: 'base', model: 'flat', currencies: { USD: { amount: 2900 } } }],
    },
  });
  if (plan.error) throw new Error(explained(plan.error));
  const account = await client.POST('/v1/accounts', {
    params: { header: { 'Idempotency-Key': 'signup-4711' } },
    body: { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD', paymentMethod: { token: 'pm_card_visa' } },
  });
  if (account.error) throw new Error(explained(account.error));
  const { id: accountId, closedAt } = account.data;
  const closed: string | null = closedAt;
  if (closed) throw new Error('A new account is open.');
  const subscription = await client.POST('/v1/subscriptions', { body: { accountId, planCode: plan.data.code } });
  if (subscription.error) {
    // The codes that this operation can answer are known, so that a misspelt one does not compile.
    if (subscription.error.code === 'plan_retired') return [];
    throw new Error(explained(subscription.error));
  }
  const { data, error } = await client.GET('/v1/invoices', { params: { query: { subscriptionId: subscription.data.id, limit: 10 } } });
  if (error) throw new Error(explained(error));
  return data.data;
}

export function explained({ code, detail, hint, errors = [] }: Problem): string {
  return [`${code}: ${detail} ${hint}`, ...errors.map((error) => `${error.pointer}: ${error.detail}`)].join('\n');
}

/** The minor units of what is still to be paid. */
export function due(invoices: readonly Invoice[]): number {
  return invoices.reduce((sum, { amountDue }) => sum + amountDue.amount, 0);
}
