import { CreateAccount } from '#accounts/account/create-account.js';
import { PublishPlan } from '#catalog/plan/publish-plan.js';
import type { Engine } from '#event-sourcing/testing/engine.js';
import { type AccountId, hashedId, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';

export const planId: PlanId = hashedId('plan/regressions');

/** 29.00 USD a month. */
export async function publishPlan(engine: Engine): Promise<void> {
  await engine.send(PublishPlan, {
    planId,
    code: 'regressions',
    name: 'Regressions',
    interval: { unit: 'month', count: 1 },
    trialDays: 0,
    prices: [
      {
        ...{ code: 'base', kind: 'recurring', model: 'flat', billing: 'advance', taxCode: null, taxBehavior: 'exclusive' },
        currencies: { USD: { amount: '2900' } },
      },
    ],
    metadata: {},
  });
}

export async function openAccount(engine: Engine, bucket: number): Promise<AccountId> {
  const accountId: AccountId = newId(bucket);
  await engine.send(CreateAccount, {
    ...{ accountId, email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: timeZone('America/New_York'), locale: null },
    ...{
      country: null,
      region: null,
      address: null,
      taxIds: [],
      taxExempt: false,
      externalId: null,
      metadata: {},
      testClockId: null,
      paymentMethod: null,
    },
  });
  return accountId;
}

export async function subscribe(engine: Engine, accountId: AccountId, bucket: number): Promise<SubscriptionId> {
  const subscriptionId: SubscriptionId = newId(bucket);
  await engine.send(StartSubscription, {
    ...{ subscriptionId, accountId, planId, quantity: 1, trialDays: null, startAt: null, anchorDay: null, metadata: {} },
  });
  return subscriptionId;
}

/** How many invoices each period of a subscription has, by the period's start. */
export async function invoicesByPeriod(engine: Engine, subscriptionId: SubscriptionId): Promise<Record<string, number>> {
  const rows = await engine.rows<{ start: string; count: string }>(
    `select payload->'lines'->0->'period'->>'start' as start, count(*) from es.event
      where event_type = 'InvoiceIssued' and payload->>'subscriptionId' = $1 group by 1 order by 1`,
    [subscriptionId],
  );
  return Object.fromEntries(rows.map(({ start, count }) => [start, Number(count)]));
}
