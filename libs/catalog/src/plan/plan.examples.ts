import type { PlanId } from '#kernel/ids.js';
import type { Price } from '#pricing/price.js';
import { type Offer, type PlanEvent, PlanRetired, PlanVersionPublished } from './plan.events.js';
import { planIdOf } from './plan.policies.js';
import type { PublishPlan } from './publish-plan.js';

// The same named examples for every specification of this context.

export const planId: PlanId = planIdOf('pro');

export const base: Price = {
  code: 'base',
  kind: 'recurring',
  model: 'flat',
  billing: 'advance',
  taxCode: null,
  taxBehavior: 'exclusive',
  currencies: { USD: { amount: '2900' }, EUR: { amount: '2700' } },
};

export const seats: Price = {
  ...base,
  code: 'seats',
  model: 'perUnit',
  taxCode: 'txcd_10103001',
  currencies: { USD: { unitAmount: '900.25' }, JPY: { unitAmount: '1000' } },
};

export const percentage: Price = {
  ...base,
  ...{ code: 'volume', kind: 'usage', model: 'percentage', billing: 'arrears', meter: { metric: 'volume', aggregation: 'sum' } },
  currencies: { USD: { rate: '2.9' } },
};

export const offer: Offer = {
  name: 'Pro',
  interval: { unit: 'month', count: 1 },
  trialDays: 14,
  prices: [base, seats],
  metadata: { tier: 'gold' },
};

export const publishPro: PublishPlan['data'] = { ...offer, planId, code: 'pro' };

export const version = (number: number, changes: Partial<Offer> = {}): PlanVersionPublished =>
  new PlanVersionPublished({ ...offer, ...changes, planId, code: 'pro', version: number });

/** Pro at 29.00 a month and 9.0025 for a seat, in its first version. */
export const aPlan = (): PlanEvent[] => [version(1)];

export const aRetiredPlan = (): PlanEvent[] => [version(1), new PlanRetired({ planId })];
