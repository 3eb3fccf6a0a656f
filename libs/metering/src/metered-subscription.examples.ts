import type { Anchor } from '#kernel/anchor.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import type { Meter } from '#pricing/meter.js';
import type { MeteredPrice } from '#pricing/metered-price.js';
import type { MeteredSubscription } from './metered-subscription.js';

const newYork = timeZone('America/New_York');
const anchor: Anchor = { local: '2026-01-31T10:00:00.000', timeZone: newYork };

export const sumOfCalls: Meter = { metric: 'calls', aggregation: 'sum' };
export const everyMeter: readonly Meter[] = [
  sumOfCalls,
  { metric: 'calls', aggregation: 'count' },
  { metric: 'calls', aggregation: 'max' },
  { metric: 'calls', aggregation: 'last', property: 'level' },
  { metric: 'calls', aggregation: 'unique', property: 'user' },
];
/** Counted beside the others, of some events. */
export const callsOfAda: Meter = { metric: 'calls', aggregation: 'count', filter: { user: ['ada', 'Ada'] } };

export function priceOn(meter: Meter): MeteredPrice {
  return {
    ...{ code: `${meter.metric}-${meter.aggregation}`, kind: 'usage', model: 'perUnit', terms: { unitAmount: '1' }, billing: 'arrears' },
    ...{ meter, taxCode: null, taxBehavior: 'exclusive' },
  };
}

/** Monthly from the 31st of January, ten o'clock in New York. */
export function aMetered(id: string, meters: readonly Meter[], changes: Partial<MeteredSubscription> = {}): MeteredSubscription {
  return {
    id: id as SubscriptionId,
    accountId: '0190a000-0000-7000-8000-000000000007' as AccountId,
    currency: 'USD' as MeteredSubscription['currency'],
    timeZone: newYork,
    interval: { unit: 'month', count: 1 },
    prices: meters.map(priceOn),
    startedAt: instant('2026-01-31T15:00:00Z'),
    trialEnd: null,
    anchor,
    endsAt: null,
    ...changes,
  };
}
