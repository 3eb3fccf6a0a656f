import { plusMonths } from '#kernel/calendar.js';
import { timeZone } from '#kernel/time-zone.js';
import { CancelSubscription } from '#subscriptions/subscription/cancel-subscription.js';
import { RenewSubscription } from '#subscriptions/subscription/renew-subscription.js';
import { invoicesByPeriod, openAccount, publishPlan, subscribe } from './customer.js';
import { VariedEngine } from './variants.js';

const BUCKET = 7;

describe('A canceled subscription is billed on', () => {
  it('never, by its timers or by a renewal that is still on its way', async () => {
    const varied = await VariedEngine.start();
    const { engine } = varied;
    await publishPlan(engine);
    const subscriptionId = await subscribe(engine, await openAccount(engine, BUCKET), BUCKET);
    await engine.send(CancelSubscription, { subscriptionId, ends: 'now' });
    expect(await engine.rows('select name from es.timer where stream_id = $1::uuid', [subscriptionId])).toEqual([]);
    engine.clock.set(plusMonths(engine.clock.now(), 3, timeZone('UTC')));
    await engine.send(RenewSubscription, { subscriptionId, number: 2 });
    await engine.timers.fireDue(BUCKET);
    expect(Object.values(await invoicesByPeriod(engine, subscriptionId))).toEqual([1]);
    await varied.stop();
  });
});
