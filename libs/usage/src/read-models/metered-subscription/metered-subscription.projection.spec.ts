import { instant } from '#kernel/instant.js';
import { meteredSubscriptions } from '#metering/metered-subscriptions.js';
import type { AgreedPrice } from '#pricing/price.js';
import { CancellationScheduled, PeriodStarted, SubscriptionCanceled, SubscriptionStarted } from '#subscriptions/contract.js';
import { canceled, january31, period, proTerms, started, subscriptionId } from '#subscriptions/subscription/subscription.examples.js';
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

const shown = async () => (await meteredSubscriptions(stage.database, [subscriptionId]))[0]?.subscription;

const calls: AgreedPrice = {
  ...{ code: 'calls', kind: 'usage', billing: 'arrears', taxCode: null, taxBehavior: 'exclusive' },
  ...{ model: 'perUnit', terms: { unitAmount: '1' }, meter: { metric: 'calls', aggregation: 'sum' } },
};
const trialEnd = instant('2026-02-14T15:00:00Z');

describe('What counting usage knows of a subscription', () => {
  it('is nothing where there is none', async () => {
    expect(await shown()).toBeUndefined();
  });

  it('is what it meters and its trial from SubscriptionStarted on', async () => {
    const { data } = started(trialEnd);
    await stage.tell(subscriptionId, new SubscriptionStarted({ ...data, terms: { ...proTerms, prices: [...proTerms.prices, calls] } }));
    expect(await shown()).toMatchObject({
      prices: [calls],
      startedAt: january31,
      trialEnd,
      anchor: null,
      endsAt: null,
      timeZone: 'America/New_York',
    });
  });

  it('is its anchor once the first period begins, which the next one leaves as it is', async () => {
    await stage.tell(subscriptionId, period(1, trialEnd));
    const { anchor } = (await shown())!;
    expect(anchor).toEqual({ local: '2026-02-14T10:00:00.000', timeZone: 'America/New_York' });
    await stage.tell(subscriptionId, period(2, trialEnd));
    expect(await shown()).toMatchObject({ anchor });
  });

  it('is its end, once it is scheduled and where it comes earlier', async () => {
    const { accountId } = canceled(trialEnd).data;
    await stage.tell(subscriptionId, new CancellationScheduled({ subscriptionId, accountId, endsAt: instant('2026-04-14T14:00:00Z') }));
    expect(await shown()).toMatchObject({ endsAt: '2026-04-14T14:00:00.000Z' });
    await stage.tell(subscriptionId, canceled(instant('2026-04-01T00:00:00Z')));
    expect(await shown()).toMatchObject({ endsAt: '2026-04-01T00:00:00.000Z' });
  });

  it('is the same when it is built anew from the events', async () => {
    expect(await stage.deviations(meteredSubscription)).toEqual([]);
  });
});
