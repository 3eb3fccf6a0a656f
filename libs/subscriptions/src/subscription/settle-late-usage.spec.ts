import { fold } from '#event-sourcing/decider.js';
import { specification } from '#event-sourcing/testing/specification.js';
import { decimal } from '#kernel/decimal.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { UsageTotals } from '#metering/usage-totals.js';
import { renewSubscription } from './renew-subscription.js';
import { SettleLateUsage, settleLateUsage } from './settle-late-usage.js';
import { SubscriptionDecider } from './subscription.decider.js';
import { type PeriodStarted, type SubscriptionEvent, UsageSettled } from './subscription.events.js';
import {
  accountId,
  aMetered,
  aRenewed,
  callsPrice,
  canceled,
  charged,
  ended,
  january31,
  lateUntil,
  nothingMetered,
  periodOf,
  storagePrice,
  subscriptionId,
} from './subscription.examples.js';
import type { Active } from './subscription.state.js';

const { given } = specification(SubscriptionDecider);
const february = periodOf(1);
const until = lateUntil(february.end);
const using = (calls: string, gigabytes: string) => ({
  usage: UsageTotals.from([
    [callsPrice.meter, january31, calls],
    [storagePrice.meter, january31, gigabytes],
  ]),
});
const [calls, storage] = [
  charged(callsPrice, 1, null, february, decimal('900')),
  charged(storagePrice, 1, null, february, decimal('400.5')),
];
const settle = new SettleLateUsage({ subscriptionId, number: 1 });

function settled(known: ReturnType<typeof using>, events: readonly SubscriptionEvent[] = aRenewed(calls, storage), now = until) {
  const [event] = settleLateUsage(settle.data, fold(SubscriptionDecider, events), { now, facts: known });
  return (event as UsageSettled).data;
}

const lines = ({ bill }: UsageSettled['data']) =>
  bill?.charges.map(({ priceCode, quantity, amount, reverses }) => [priceCode, quantity, Number(amount.amount), reverses]);

describe('Late usage', () => {
  it('is billed when its time is up: what was billed is taken back, and everything billed anew, so that its tiers are right', () => {
    // 900 at half a cent were 4.50; 1500 are a thousand of those and 500 at a quarter.
    expect(settled(using('1500', '400.5'))).toMatchObject({
      ...{ number: 1, period: february, bill: { kind: 'lateUsage', cause: 'late-usage/1', supplements: 'period/2' } },
      used: [
        { priceCode: 'calls', meter: 'sum/calls', quantity: '1500', amount: { amount: 625n } },
        { priceCode: 'storage', quantity: '400.5', amount: { amount: 4005n } },
      ],
    });
    expect(lines(settled(using('1500', '400.5')))).toEqual([
      ['calls', '900', -450, calls!.id],
      ['calls', '1500', 625, null],
    ]);
  });

  it('that none came of is settled without a bill', () => {
    given(aRenewed(calls!, storage!))
      .when(settle, { now: until, facts: using('900', '400.5') })
      .then(
        new UsageSettled({
          ...{ subscriptionId, accountId, number: 1, period: february, bill: null },
          used: [
            { priceCode: 'calls', meter: 'sum/calls', quantity: '900', amount: calls!.amount },
            { priceCode: 'storage', meter: 'max/storage/gigabytes', quantity: '400.5', amount: storage!.amount },
          ],
        }),
      );
  });

  it('that changes no amount is settled without a bill', () => {
    const least = charged(storagePrice, 1, null, february, decimal('10'));
    expect(settled(using('900', '279'), aRenewed(calls!, least)).bill).toBeNull();
  });

  it('that changes an amount is billed, though it leaves the quantity as it was: a price may be of more than that', () => {
    const other = { ...calls!, amount: Money.of(400n, 'USD') };
    expect(lines(settled(using('900', '400.5'), aRenewed(other, storage!)))).toEqual([
      ['calls', '900', -400, calls!.id],
      ['calls', '900', 450, null],
    ]);
  });

  it('that takes back more than it adds waits for the next bill, and is taken off that', () => {
    const less = settled(using('400', '400.5'));
    expect(less.bill).toBeNull();
    expect(less.unbilled!.map(({ quantity, amount }) => [quantity, amount.amount])).toEqual([
      ['900', -450n],
      ['400', 200n],
    ]);
    const state = fold(SubscriptionDecider, [...aRenewed(calls!, storage!), new UsageSettled(less)]);
    const [, march] = renewSubscription({ subscriptionId, number: 3 }, state, { now: periodOf(2).end, facts: using('0', '0') });
    const next = (march as PeriodStarted).data.bill!;
    expect(next.charges.map(({ priceCode, amount }) => [priceCode, Number(amount.amount)])).toEqual([
      ['calls', -450],
      ['calls', 200],
      ['storage', 2800],
      ['base', 2900],
    ]);
    expect(fold(SubscriptionDecider, [...aRenewed(calls!, storage!), new UsageSettled(less), march!])).toMatchObject({ unbilled: [] });
  });

  it('that takes back more than the next bill comes to leaves that to wait as well', () => {
    const dear = charged(callsPrice, 1, null, february, decimal('40000'));
    const events = [...aRenewed(dear, storage!), new UsageSettled(settled(using('0', '400.5'), aRenewed(dear, storage!)))];
    const renewed = renewSubscription({ subscriptionId, number: 3 }, fold(SubscriptionDecider, events), {
      now: periodOf(2).end,
      facts: using('0', '0'),
    });
    const [, march] = renewed as [SubscriptionEvent, PeriodStarted];
    expect(march.data.bill).toBeNull();
    expect(march.data.unbilled!.map(({ priceCode }) => priceCode)).toEqual(['storage', 'base']);
    const { unsettled, unbilled } = fold(SubscriptionDecider, [...events, ...renewed]) as Active;
    expect(unbilled.map(({ priceCode }) => priceCode)).toEqual(['calls', 'storage', 'base']);
    // What waits of a period is taken back and priced anew like what was billed.
    expect(unsettled).toMatchObject([{ number: 2, billedBy: null, charges: [{ priceCode: 'storage' }] }]);
  });

  it('of what was not billed before is billed alone, and adds to no invoice', () => {
    const { bill } = settled(using('20', '0'), aRenewed());
    expect(bill).not.toHaveProperty('supplements');
    expect(bill!.charges.map(({ priceCode, amount, reverses }) => [priceCode, amount.amount, reverses])).toContainEqual([
      'calls',
      10n,
      null,
    ]);
  });

  it('that takes all back leaves no line of nothing', () => {
    const more = settled(using('0', '500'));
    expect(lines(more)).toEqual([
      ['calls', '900', -450, calls!.id],
      ['storage', '400.5', -4005, storage!.id],
      ['storage', '500', 5000, null],
    ]);
  });

  it('keeps the ids of its charges apart from those that were billed', () => {
    const ids = settled(using('1500', '500')).bill!.charges.map(({ id }) => id);
    expect(new Set([...ids, calls!.id, storage!.id]).size).toBe(6);
  });

  it('is settled once', () => {
    given([...aRenewed(calls!, storage!), new UsageSettled(settled(using('1500', '400.5')))])
      .when(settle, { now: until, facts: using('9999', '9999') })
      .thenNothing();
  });

  it('is not settled before its time is up', () => {
    given(aRenewed(calls!, storage!))
      .when(settle, { now: instant('2026-03-07T14:59:59.999Z'), facts: using('1500', '400.5') })
      .thenNothing();
  });

  it('is not settled of a period that is not over, nor of a subscription that does not exist', () => {
    given(aMetered()).when(settle, { now: until, facts: nothingMetered }).thenNothing();
    given().when(settle, { now: until, facts: nothingMetered }).thenRefused('subscription_not_found');
  });

  it('is never settled unread', () => {
    expect(() => settled(nothingMetered as never)).toThrow('not read');
  });

  it('of a subscription that has ended is settled too, where its limits are for the days that were used', () => {
    const now = instant('2026-02-09T20:00:00Z');
    const part = { numerator: '10', denominator: '28', unit: 'day' } as const;
    const events = [...aMetered(), ended(1, 'canceled', now, { until: lateUntil(now), part }), canceled(now)];
    const late = settled(using('100', '7'), events, lateUntil(now));
    expect(late.bill!.charges.map(({ priceCode, amount, proration, period }) => [priceCode, amount.amount, proration, period.end])).toEqual(
      [
        ['calls', 50n, null, now],
        ['storage', 1000n, part, now],
      ],
    );
  });
});
