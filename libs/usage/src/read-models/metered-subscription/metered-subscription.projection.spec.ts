import { anchorAt } from '#kernel/anchor.js';
import { periodAt } from '#kernel/calendar.js';
import { type AccountId, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { meteredSubscriptions } from '#metering/metered-subscriptions.js';
import type { AgreedPrice } from '#pricing/price.js';
import { CancellationScheduled, PeriodStarted, SubscriptionCanceled, SubscriptionStarted } from '#subscriptions/contract.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { meteredSubscription } from './metered-subscription.projection.js';

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(meteredSubscription, [
    SubscriptionStarted,
    PeriodStarted,
    CancellationScheduled,
    SubscriptionCanceled,
  ]);
});
afterAll(() => stage.close());

const subscriptionId: SubscriptionId = newId(7);
const accountId: AccountId = newId(7);
const newYork = timeZone('America/New_York');
const trialEnd = instant('2026-02-14T15:00:00Z');
const month = { unit: 'month', count: 1 } as const;
const shared = { billing: 'arrears', taxCode: null, taxBehavior: 'exclusive' } as const;
const base: AgreedPrice = { ...shared, code: 'base', kind: 'recurring', model: 'flat', terms: { amount: '2900' } };
const calls: AgreedPrice = {
  ...{ ...shared, code: 'calls', kind: 'usage', model: 'perUnit', terms: { unitAmount: '1' } },
  meter: { metric: 'calls', aggregation: 'sum' },
};
const planId: PlanId = newId();
const started = new SubscriptionStarted({
  ...{ subscriptionId, accountId, currency: 'USD', timeZone: newYork, items: [], anchorDay: null, metadata: {}, bill: null },
  terms: { planId, planVersion: 1, planName: 'Pro', interval: month, prices: [base, calls] },
  ...{ startedAt: instant('2026-01-31T15:00:00Z'), trialEnd },
});
const anchor = anchorAt(trialEnd, newYork);
const period = (index: number) =>
  new PeriodStarted({
    ...{ subscriptionId, accountId, number: index + 1, index, period: periodAt(anchor, month, index), bill: null },
    ...(index === 0 && { anchor }),
  });

const shown = async () => (await meteredSubscriptions(stage.database, [subscriptionId]))[0]?.subscription;

describe('What counting usage knows of a subscription', () => {
  it('is nothing where there is none', async () => {
    expect(await shown()).toBeUndefined();
  });

  it('is what it meters and its trial from SubscriptionStarted on', async () => {
    await stage.tell(subscriptionId, started);
    expect(await shown()).toEqual({
      ...{ id: subscriptionId, accountId, currency: 'USD', timeZone: newYork, interval: month, prices: [calls] },
      ...{ startedAt: started.data.startedAt, trialEnd, anchor: null, endsAt: null },
    });
  });

  it('is its anchor once the first period begins, which the next one leaves as it is', async () => {
    await stage.tell(subscriptionId, period(0));
    expect(await shown()).toMatchObject({ anchor });
    await stage.tell(subscriptionId, period(1));
    expect(await shown()).toMatchObject({ anchor });
  });

  it('is its end, once it is scheduled and where it comes earlier', async () => {
    await stage.tell(subscriptionId, new CancellationScheduled({ subscriptionId, accountId, endsAt: instant('2026-04-14T14:00:00Z') }));
    expect(await shown()).toMatchObject({ endsAt: '2026-04-14T14:00:00.000Z' });
    await stage.tell(
      subscriptionId,
      new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: instant('2026-04-01T00:00:00Z'), ends: 'now' }),
    );
    expect(await shown()).toMatchObject({ endsAt: '2026-04-01T00:00:00.000Z' });
  });

  it('is the same when it is built anew from the events', async () => {
    expect(await stage.deviations(meteredSubscription)).toEqual([]);
  });
});
