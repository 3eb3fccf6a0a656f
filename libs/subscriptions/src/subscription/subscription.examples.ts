import { anchorAt } from '#kernel/anchor.js';
import { periodAt, plusDays } from '#kernel/calendar.js';
import { Decimal } from '#kernel/decimal.js';
import { type AccountId, derivedId, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { type Charge, chargeFor, type Proration } from '#pricing/charge.js';
import type { AgreedPrice } from '#pricing/price.js';
import type { StartFacts, StartSubscription } from './start-subscription.js';
import {
  type LateUsage,
  PeriodEnded,
  PeriodStarted,
  type PlanTerms,
  SubscriptionCanceled,
  type SubscriptionEvent,
  SubscriptionStarted,
} from './subscription.events.js';
import type { UsageFacts } from './subscription.policies.js';

// The same named examples for every specification of this context.

export const accountId: AccountId = newId(7);
export const subscriptionId: SubscriptionId = newId(7);
export const planId: PlanId = newId();
export const newYork = timeZone('America/New_York');
export const january31: Instant = instant('2026-01-31T15:00:00Z');

export const proTerms: PlanTerms = {
  planId,
  planVersion: 1,
  planName: 'Pro',
  interval: { unit: 'month', count: 1 },
  prices: [
    {
      code: 'base',
      kind: 'recurring',
      billing: 'advance',
      taxCode: null,
      taxBehavior: 'exclusive',
      model: 'flat',
      terms: { amount: '2900' },
    },
  ],
};

/** What is known where nothing is metered. */
export const nothingMetered: UsageFacts = { usage: null };

const metered = { kind: 'usage', billing: 'arrears', taxCode: null, taxBehavior: 'exclusive' } as const;

/** A thousand calls at half a cent, all others at a quarter of one. */
export const callsPrice = {
  ...metered,
  ...{ code: 'calls', name: 'Calls', meter: { metric: 'calls', aggregation: 'sum' }, model: 'graduated' },
  terms: {
    tiers: [
      { upTo: '1000', unitAmount: '0.5' },
      { upTo: null, unitAmount: '0.25' },
    ],
  },
} as const satisfies AgreedPrice;

/** Ten cents for a gigabyte at the most that was stored, but no month for less than 28.00. */
export const storagePrice = {
  ...metered,
  ...{ code: 'storage', name: 'Storage', meter: { metric: 'storage', aggregation: 'max', property: 'gigabytes' }, model: 'perUnit' },
  terms: { unitAmount: '10', periodMinimum: '2800' },
} as const satisfies AgreedPrice;

export const meteredTerms: PlanTerms = { ...proTerms, prices: [...proTerms.prices, callsPrice, storagePrice] };

const agreed = { subscriptionId, accountId, currency: 'USD', timeZone: newYork, terms: proTerms, items: [], anchorDay: null } as const;

export const proFacts: StartFacts = {
  account: { currency: 'USD', timeZone: newYork, closed: false },
  plan: {
    version: 1,
    name: 'Pro',
    active: true,
    interval: { unit: 'month', count: 1 },
    trialDays: 0,
    prices: [
      {
        code: 'base',
        kind: 'recurring',
        billing: 'advance',
        taxCode: null,
        taxBehavior: 'exclusive',
        model: 'flat',
        currencies: { USD: { amount: '2900' } },
      },
    ],
  },
};

export const startPro: StartSubscription['data'] = {
  subscriptionId,
  accountId,
  planId,
  quantity: null,
  trialDays: null,
  startAt: null,
  anchorDay: null,
  metadata: {},
};

export const started = (trialEnd: Instant | null = null, terms: PlanTerms = proTerms): SubscriptionStarted =>
  new SubscriptionStarted({ ...agreed, terms, startedAt: january31, trialEnd, metadata: {}, bill: null });

/** What the subscription of these examples is charged for one of its prices. */
export function charged(
  price: AgreedPrice,
  number: number,
  proration: Proration | null = null,
  time = periodOf(number),
  quantity: Decimal = Decimal.one,
): Charge {
  const owner = { subscriptionId, plan: { id: planId, version: 1, name: 'Pro' } };
  const id = derivedId<'charge'>(subscriptionId, `charge/period/${number}${price.billing === 'arrears' ? '/end' : ''}/${price.code}`);
  return chargeFor(price, { id, owner, currency: 'USD', quantity, period: time, proration });
}

export const basePrice: AgreedPrice = proTerms.prices[0]!;

export const periodOf = (number: number, at: Instant = january31) => periodAt(anchorAt(at, newYork), proTerms.interval, number - 1);

/** The period of that number in a cycle that begins at the moment, with the charges given, or the price of Pro. */
export function period(
  number: number,
  at: Instant = january31,
  charges: readonly Charge[] = [charged(basePrice, number, null, periodOf(number, at))],
) {
  const begun = { number, index: number - 1, period: periodOf(number, at), ...(number === 1 && { anchor: anchorAt(at, newYork) }) };
  const bill = charges.length > 0 ? ({ kind: 'period', cause: `period/${number}`, charges } as const) : null;
  return new PeriodStarted({ subscriptionId, accountId, ...begun, bill });
}

export const ended = (
  number: number,
  because: 'renewed' | 'canceled' = 'renewed',
  until: Instant = periodOf(number).end,
  lateUsage: LateUsage | null = null,
): PeriodEnded => {
  const ofPeriod = { number, period: { start: periodOf(number).start, end: until } };
  return new PeriodEnded({ subscriptionId, accountId, ...ofPeriod, because, bill: null, lateUsage });
};

/** A week after the end, at the same local time. */
export const lateUntil = (end: Instant): Instant => plusDays(end, 7, newYork);

export const canceled = (canceledAt: Instant, ends: 'now' | 'at-period-end' = 'now'): SubscriptionCanceled =>
  new SubscriptionCanceled({ subscriptionId, accountId, canceledAt, ends });

/** Paid monthly since 31 January, 10:00 in New York. */
export const anActive = (): SubscriptionEvent[] => [started(), period(1)];

/** The same, with calls and storage beside the base price. */
export const aMetered = (terms: PlanTerms = meteredTerms): SubscriptionEvent[] => [started(null, terms), period(1)];

/** The same on 28 February, with what was billed for the calls until then; what is late may come until 7 March. */
export const aRenewed = (...billed: readonly Charge[]): SubscriptionEvent[] => [
  ...aMetered(),
  ended(1, 'renewed', periodOf(1).end, { until: lateUntil(periodOf(1).end), part: null }),
  period(2, january31, [...billed, charged(basePrice, 2)]),
];

/** On trial until 14 February. */
export const aTrial = (terms: PlanTerms = proTerms): SubscriptionEvent[] => [started(instant('2026-02-14T15:00:00Z'), terms)];

const february10 = instant('2026-02-10T00:00:00Z');

export const aCanceled = (): SubscriptionEvent[] => [...anActive(), ended(1, 'canceled', february10), canceled(february10)];
