import { CreateAccount } from '#accounts/account/create-account.js';
import { PublishPlan } from '#catalog/plan/publish-plan.js';
import type { AnyCommand } from '#event-sourcing/command.js';
import type { Result } from '#event-sourcing/command-executor.js';
import { type AccountId, hashedId, newId, type PlanId, type SubscriptionId, type TestClockId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
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
        prices: [
          {
            code: 'base',
            kind: 'recurring',
            model: 'flat',
            billing: 'advance',
            taxCode: null,
            taxBehavior: 'exclusive',
            currencies: { USD: { amount: '2900' } },
          },
        ],
        metadata: {},
      },
      meta,
    ),
  );
}

/** What sets the customers of a bench apart from the usual ones. */
export interface Life {
  /** The test clock that they live on; null for real time. */
  readonly testClockId: TestClockId | null;
  /** The day of the month that they are billed on; null for the day they begin. */
  readonly anchorDay: () => number | null;
}

const USUAL: Life = { testClockId: null, anchorDay: () => null };

/**
 * Accounts with a card and one subscription each, made by the product's own commands, in batches and spread over all
 * buckets. The first period has begun and is invoiced; the jobs that would charge for it are removed.
 */
export async function makePortfolio(engine: Engine, subscriptions: number, lanes = 2, life: Life = USUAL): Promise<void> {
  await inBuckets(subscriptions, lanes, 'subscriptions', (bucket, count) => customers(engine, bucket, count, life));
}

/** Accounts with a card and without a subscription. */
export async function makeAccounts(engine: Engine, accounts: number, lanes = 2): Promise<AccountId[]> {
  const made: AccountId[] = [];
  await inBuckets(accounts, lanes, 'accounts', async (bucket, count) => {
    made.push(...(await openAccounts(engine, bucket, count, USUAL)));
  });
  return made;
}

async function inBuckets(
  total: number,
  lanes: number,
  what: string,
  make: (bucket: number, count: number) => Promise<void>,
): Promise<void> {
  const perBucket = Array.from({ length: BUCKETS }, (_, bucket) => Math.floor(total / BUCKETS) + (bucket < total % BUCKETS ? 1 : 0));
  const buckets = perBucket.map((_, bucket) => bucket);
  let made = 0;
  const lane = async (): Promise<void> => {
    for (let bucket = buckets.shift(); bucket !== undefined; bucket = buckets.shift()) {
      for (let left = perBucket[bucket]!; left > 0; left -= BATCH) {
        await make(bucket, Math.min(BATCH, left));
        made += Math.min(BATCH, left);
      }
      if (bucket % 32 === 0) progress(`  ${made.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${what} made`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function customers(engine: Engine, bucket: number, count: number, life: Life): Promise<void> {
  const accountIds = await openAccounts(engine, bucket, count, life);
  await all(
    engine,
    bucket,
    accountIds.map((accountId) => startSubscription(newId(bucket), accountId, life)),
  );
}

async function openAccounts(engine: Engine, bucket: number, count: number, life: Life): Promise<AccountId[]> {
  const accountIds = Array.from({ length: count }, (): AccountId => newId(bucket));
  await all(
    engine,
    bucket,
    accountIds.map((accountId) => createAccount(accountId, life)),
  );
  return accountIds;
}

function createAccount(accountId: AccountId, { testClockId }: Life): AnyCommand {
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
      address: null,
      taxIds: [],
      taxExempt: false,
      externalId: null,
      metadata: {},
      testClockId,
      paymentMethod: {
        type: 'card',
        brand: 'visa',
        last4: '4242',
        expMonth: 12,
        expYear: 2030,
        gateway: { name: 'stripe', customerId: `cus_${accountId}`, methodId: `pm_${accountId}` },
      },
    },
    meta,
  );
}

function startSubscription(subscriptionId: SubscriptionId, accountId: AccountId, { anchorDay }: Life): AnyCommand {
  const given = { subscriptionId, accountId, planId, quantity: 1, trialDays: null, startAt: null, anchorDay: anchorDay(), metadata: {} };
  return new StartSubscription(given, meta);
}

async function all(engine: Engine, bucket: number, commands: readonly AnyCommand[]): Promise<void> {
  await engine.executor.inTransaction(bucket, async (transaction): Promise<Result[]> => {
    const results = await engine.executor.executeIn(transaction, commands);
    const failed = results.find((result) => 'error' in result);
    if (failed && 'error' in failed) throw failed.error;
    return [];
  });
}
