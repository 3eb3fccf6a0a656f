import { AddPaymentMethod } from '#accounts/account/add-payment-method.js';
import type { Engine } from '#event-sourcing/testing/engine.js';
import { newId, type SubscriptionId } from '#kernel/ids.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import { openAccount, planId, publishPlan } from './customer.js';
import { VariedEngine } from './variants.js';

const BUCKET = 9;
const card = { type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2029 };

/** Trials that ended in one batch were decided with the same stored invoices, so that none of them was one too many. */
describe('A hundred and twenty trials of one account that end together', () => {
  let varied: VariedEngine;
  let engine: Engine;
  beforeAll(async () => {
    varied = await VariedEngine.start({});
    engine = varied.engine;
  });
  afterAll(() => varied.stop());

  const countOf = async (what: string): Promise<number> =>
    (await engine.rows<{ count: number }>(`select count(*)::integer as count from ${what}`))[0]!.count;

  it('are billed up to the limit of a day, and park the account at the one after; the others wait', async () => {
    await publishPlan(engine);
    const accountId = await openAccount(engine, BUCKET);
    await engine.send(AddPaymentMethod, {
      accountId,
      paymentMethod: { ...card, gateway: { name: 'stripe', customerId: 'cus_1', methodId: 'pm_1' } },
      makeDefault: true,
    });
    for (let index = 0; index < 120; index += 1) {
      const subscriptionId: SubscriptionId = newId(BUCKET);
      await engine.send(StartSubscription, {
        ...{ subscriptionId, accountId, planId, quantity: 1, trialDays: 28, startAt: null, anchorDay: null, metadata: {} },
      });
    }
    engine.clock.set('2026-03-01T12:00:00.000Z');
    while ((await engine.timers.fireDue(BUCKET)) > 0);

    expect(await countOf('payments.payment_details')).toBe(100);
    expect(await countOf('payments.collectible_invoice')).toBe(101);
    expect(await countOf('payments.payer where is_parked')).toBe(1);
    expect(await countOf('es.timer where set_aside_at is not null')).toBe(19);
  });
});
