import { CreateAccount } from '#accounts/account/create-account.js';
import { accountsContext } from '#accounts/accounts.context.js';
import { catalogContext } from '#catalog/catalog.context.js';
import { PublishPlan } from '#catalog/plan/publish-plan.js';
import { Engine } from '#event-sourcing/testing/engine.js';
import { invoicingContext } from '#invoicing/invoicing.context.js';
import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { paymentsContext } from '#payments/payments.context.js';
import { CancelSubscription } from '#subscriptions/subscription/cancel-subscription.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { subscriptionsContext } from '#subscriptions/subscriptions.context.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { used } from '../support/used.js';

const BUCKET = 42;
const [planId, accountId, subscriptionId] = [newId<'plan'>(BUCKET), newId<'account'>(BUCKET), newId<'subscription'>(BUCKET)];
const meter = { metric: 'calls', aggregation: 'sum' } as const;
const yesterday = instant('2026-01-30T12:00:00Z');
const meta = { actor: 'spec', correlationId: newId() };

let home: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  home = await createTestDatabase();
  engine = await Engine.start({
    url: home.url,
    contexts: [accountsContext, catalogContext, subscriptionsContext, invoicingContext, paymentsContext],
  });
});
afterAll(async () => {
  await engine.close();
  await home.drop();
});

const publish = new PublishPlan(
  {
    ...{ planId, code: 'metered', name: 'Metered', interval: { unit: 'month', count: 1 }, trialDays: 0, metadata: {} },
    prices: [
      {
        ...{ code: 'calls', kind: 'usage', model: 'perUnit', meter, taxCode: null, taxBehavior: 'exclusive' },
        currencies: { USD: { unitAmount: '2' } },
      },
    ],
  },
  meta,
);
const open = new CreateAccount(
  {
    ...{ accountId, email: 'ada@example.com', name: 'Ada', currency: 'USD', timeZone: timeZone('UTC'), locale: null, country: null },
    ...{ region: null, address: null, taxIds: [], taxExempt: false, externalId: null, metadata: {} },
    ...{ testClockId: null, paymentMethod: null },
  },
  meta,
);
const start = new StartSubscription(
  { subscriptionId, accountId, planId, quantity: null, trialDays: null, startAt: yesterday, anchorDay: null, metadata: {} },
  meta,
);
const cancel = new CancelSubscription({ subscriptionId, ends: 'now' }, meta);

describe('A subscription that starts and ends in one batch', () => {
  it('is not ended with usage that was never read: the batch ends before it, and the next one closes and reads', async () => {
    await engine.executor.inTransaction(BUCKET, (transaction) => engine.executor.executeIn(transaction, [publish, open]));
    await used(engine.database, subscriptionId, meter, yesterday, '30');
    const results = await engine.executor.inTransaction(BUCKET, (transaction) => engine.executor.executeIn(transaction, [start, cancel]));
    expect(results.filter((result) => 'error' in result)).toEqual([]);
    const [bill] = await engine.rows<{ quantity: string; amount: string }>(
      `select line->>'quantity' as quantity, line->'amount'->>'amount' as amount
         from es.event e, json_array_elements(e.payload->'lines') line
        where event_type = 'InvoiceIssued' and e.payload->>'subscriptionId' = $1`,
      [subscriptionId],
    );
    expect(bill).toEqual({ quantity: '30', amount: '60' });
  });
});
