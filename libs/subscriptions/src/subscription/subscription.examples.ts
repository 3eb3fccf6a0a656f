import { anchorAt } from '#kernel/anchor.js';
import { type AccountId, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import type { StartFacts, StartSubscription } from './start-subscription.js';
import {
  BillingCycleAnchored,
  type PlanTerms,
  SubscriptionCanceled,
  type SubscriptionEvent,
  SubscriptionStarted,
} from './subscription.events.js';
import { periodStarts } from './subscription.policies.js';

// The same named examples for every specification of this context.

export const accountId: AccountId = newId(7);
export const subscriptionId: SubscriptionId = newId(7);
export const planId: PlanId = newId();
export const newYork = timeZone('America/New_York');
export const january31: Instant = instant('2026-01-31T15:00:00Z');

export const proTerms: PlanTerms = {
  planId,
  planVersion: 1,
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

const agreement = { subscriptionId, accountId, currency: 'USD', timeZone: newYork, terms: proTerms, quantity: 1, anchorDay: null } as const;

export const proFacts: StartFacts = {
  account: { currency: 'USD', timeZone: newYork, closed: false },
  plan: {
    version: 1,
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
  quantity: 1,
  trialDays: null,
  startAt: null,
  anchorDay: null,
  metadata: {},
};

export const started = (trialEnd: Instant | null = null): SubscriptionStarted =>
  new SubscriptionStarted({ ...agreement, startedAt: january31, trialEnd, metadata: {} });

export const anchored = (at: Instant = january31): BillingCycleAnchored =>
  new BillingCycleAnchored({ subscriptionId, accountId, anchor: anchorAt(at, newYork) });

export const period = (index: number, at: Instant = january31) => periodStarts(agreement, anchorAt(at, newYork), index);

/** Paid monthly since 31 January, 10:00 in New York. */
export const anActive = (): SubscriptionEvent[] => [started(), anchored(), period(0)];

/** On trial until 14 February. */
export const aTrial = (): SubscriptionEvent[] => [started(instant('2026-02-14T15:00:00Z'))];

export const aCanceled = (): SubscriptionEvent[] => [
  ...anActive(),
  new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: instant('2026-02-10T00:00:00Z') }),
];
