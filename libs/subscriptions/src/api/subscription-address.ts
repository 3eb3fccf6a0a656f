import type { Queries } from '#event-sourcing/sql.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { addressed } from '#platform/http/external-id.js';
import { subscriptionNotFound } from '../subscription/subscription.refusals.js';

/** The subscription that an address names, by its id or by `ext:` and its external id. */
export async function subscriptionAt(sql: Queries, address: string): Promise<SubscriptionId> {
  const subscriptionId = await addressed(sql, 'subscription', address);
  if (!subscriptionId) throw subscriptionNotFound(`There is no subscription ${address}.`);
  return subscriptionId;
}
