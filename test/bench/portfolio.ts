import type { AnyCommand } from '#event-sourcing/command.js';
import type { Result } from '#event-sourcing/command-executor.js';
import { CreateAccount } from '#accounts/account/create-account.js';
import { PublishPlan } from '#catalog/plan/publish-plan.js';
import { type AccountId, hashedId, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Engine } from './engine.js';
import { progress } from './report.js';

const BUCKETS = 256;
const BATCH = 250;
const meta = { actor: 'bench', correlationId: 'bench' };
export const planId: PlanId = hashedId('plan/bench');

/** One monthly plan at 29.00 USD. */
export async function publishPlan(engine: Engine): Promise<void> {
  await engine.executor.execute(
    new PublishPlan(
      {
        planId,
        code: 'bench',
        name: 'Bench',
        interval: { unit: 'month', count: 1 },
        trialDays: 0,
        prices: [{ code: 'base', kind: 'recurring', model: 'flat', billing: 'advance', taxCode: null, taxBehavior: 'exclusive', currencies: { USD: { amount: '2900' } } }],
        metadata: {},
      },
      meta,
    ),
  );
}

/**
 * Accounts with a card and one subscription each, made by the product's own commands, in batches and spread over all
 * buckets. The first period has begun and is invoiced; the jobs that would charge for it are removed.
 */
export async function makePortfolio(engine: Engine, subscriptions: number, lanes = 2): Promise<void> {
  const perBucket = Array.from({ length: BUCKETS }, (_, bucket) => Math.floor(subscriptions / BUCKETS) + (bucket < subscriptions % BUCKETS ? 1 : 0));
  const buckets = perBucket.map((_, bucket) => bucket);
  let made = 0;
  const lane = async (): Promise<void> => {
    for (let bucket = buckets.shift(); bucket !== undefined; bucket = buckets.shift()) {
      for (let left = perBucket[bucket]!; left > 0; left -= BATCH) {
        await customers(engine, bucket, Math.min(BATCH, left));
        made += Math.min(BATCH, left);
      }
      if (bucket % 32 === 0) progress(`  ${made.toLocaleString('en-US')} of ${subscriptions.toLocaleString('en-US')} subscriptions made`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function customers(engine: Engine, bucket: number, count: number): Promise<void> {
  const accountIds = Array.from({ length: count }, (): AccountId => newId(bucket));
  await all(engine, bucket, accountIds.map(createAccount));
  await all(engine, bucket, accountIds.map((accountId) => startSubscription(newId(bucket), accountId)));
}

function createAccount(accountId: AccountId): AnyCommand {
  return new CreateAccount(
    {
      accountId,
      email: 'customer@example.com',
      name: 'Customer',
      currency: 'USD',
      timeZone: timeZone('America/New_York'),
      locale: null,
      country: 'US',
      region: null,
      taxIds: [],
      taxExempt: false,
      metadata: {},
      testClockId: null,
      paymentMethod: { type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, gateway: { customerId: `cus_${accountId}`, methodId: `pm_${accountId}` } },
    },
    meta,
  );
}

function startSubscription(subscriptionId: SubscriptionId, accountId: AccountId): AnyCommand {
  return new StartSubscription({ subscriptionId, accountId, planId, quantity: 1, trialDays: null, startAt: null, anchorDay: null, metadata: {} }, meta);
}

async function all(engine: Engine, bucket: number, commands: readonly AnyCommand[]): Promise<void> {
  await engine.executor.inTransaction(bucket, async (sql): Promise<Result[]> => {
    const results = await engine.executor.executeIn(sql, bucket, commands);
    const failed = results.find((result) => 'error' in result);
    if (failed && 'error' in failed) throw failed.error;
    return [];
  });
}
