import fc from 'fast-check';
import { fold } from '#event-sourcing/decider.js';
import { Decimal } from '#kernel/decimal.js';
import { type Instant, instant } from '#kernel/instant.js';
import { UsageTotals } from '#metering/usage-totals.js';
import { aggregate, type MeteredEvent } from '#pricing/meter.js';
import type { AgreedPrice } from '#pricing/price.js';
import { priceOf } from '#pricing/price-of.js';
import { renewSubscription } from './renew-subscription.js';
import { settleLateUsage } from './settle-late-usage.js';
import { SubscriptionDecider } from './subscription.decider.js';
import type { SubscriptionEvent } from './subscription.events.js';
import { aMetered, callsPrice, january31, lateUntil, periodOf, proTerms, storagePrice, subscriptionId } from './subscription.examples.js';

type Metered = AgreedPrice & Required<Pick<AgreedPrice, 'meter'>>;

const ofCalls = (aggregation: 'sum' | 'count' | 'max' | 'last') => ({ ...callsPrice.meter, aggregation });
const prices: readonly Metered[] = [
  callsPrice,
  { ...callsPrice, code: 'volume', model: 'volume', meter: ofCalls('count') },
  { ...callsPrice, code: 'package', model: 'package', terms: { packageSize: '7', packageAmount: '100', freeUnits: '3' } },
  { ...callsPrice, code: 'most', meter: ofCalls('max') },
  { ...callsPrice, code: 'level', meter: ofCalls('last') },
  { ...callsPrice, code: 'users', meter: { metric: 'calls', aggregation: 'unique', property: 'user' } },
  { ...storagePrice, meter: ofCalls('sum'), terms: { unitAmount: '3.3335', periodMinimum: '700', periodMaximum: '9000' } },
];
const end = periodOf(1).end;
const state = aMetered({ ...proTerms, prices });

interface Arriving extends MeteredEvent {
  /** Before the period was billed. */
  readonly isInTime: boolean;
}

const anyUsage = fc.array(
  fc.record({
    isInTime: fc.boolean(),
    quantity: fc.integer({ min: -60_000, max: 90_000 }).map((hundredths) => Decimal.of(BigInt(hundredths), 2)),
    timestamp: fc
      .integer({ min: Date.parse(january31), max: Date.parse(end) - 1 })
      .map((ms): Instant => instant(new Date(ms).toISOString())),
    properties: fc.record({ user: fc.constantFrom('ada', 'bob', 'cyd') }),
  }),
  { maxLength: 12 },
);

const totals = (events: readonly Arriving[]) =>
  UsageTotals.from(prices.map(({ meter }) => [meter, january31, String(aggregate(meter, events))]));
/** What waits and is billed later is the same charge. */
function charged(events: readonly SubscriptionEvent[], code: string): bigint {
  const all = events.flatMap(({ data }) =>
    'bill' in data ? [...(data.bill?.charges ?? []), ...('unbilled' in data ? (data.unbilled ?? []) : [])] : [],
  );
  const charges = [...new Map(all.map((charge) => [charge.id, charge])).values()].filter(({ priceCode }) => priceCode === code);
  return charges.reduce((sum, { amount }) => sum + amount.amount, 0n);
}

describe('Whatever came in time and whatever came late', () => {
  it('is charged with the period and when it is settled, together as if all had come in time, also where it takes back', () => {
    fc.assert(
      fc.property(anyUsage, (events) => {
        const [inTime, all] = [
          events.filter(({ isInTime }) => isInTime),
          events.toSorted((a, b) => Number(b.isInTime) - Number(a.isInTime)),
        ];
        const renewal = renewSubscription({ subscriptionId, number: 2 }, fold(SubscriptionDecider, state), {
          now: end,
          facts: { usage: totals(inTime) },
        });
        const settlement = settleLateUsage({ subscriptionId, number: 1 }, fold(SubscriptionDecider, [...state, ...renewal]), {
          now: lateUntil(end),
          facts: { usage: totals(all) },
        });
        for (const price of prices) {
          const whole = priceOf(price, { quantity: aggregate(price.meter, all) }, null).exact.roundHalfUp();
          expect([price.code, charged([...renewal, ...settlement], price.code)]).toEqual([price.code, whole]);
        }
      }),
    );
  });
});
