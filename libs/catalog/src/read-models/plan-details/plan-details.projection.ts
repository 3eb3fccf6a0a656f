import { insert, readModel, update } from '#event-sourcing/read-model.js';
import { PlanReactivated, PlanRetired, PlanVersionPublished } from '../../plan/plan.events.js';

/** What each plan offers now: its newest version, and whether it takes new subscriptions. */
export const planDetails = readModel([PlanVersionPublished, PlanRetired, PlanReactivated], {
  table: 'catalog.plan_details',
  columns: {
    code: 'text',
    name: 'text',
    plan_version: 'integer',
    active: 'boolean',
    interval: 'json',
    trial_days: 'integer',
    prices: 'json',
    metadata: 'json',
    created_at: 'timestamptz',
    published_at: 'timestamptz',
  },
  tracksVersion: true,
  on: {
    PlanVersionPublished: ({ data: { planId, code, version, name, interval, trialDays, prices, metadata } }, { effectiveAt }) => {
      const offer = { plan_version: version, name, interval, trial_days: trialDays, prices, metadata, published_at: effectiveAt };
      return version === 1 ? insert(planId, { ...offer, code, active: true, created_at: effectiveAt }) : update(planId, offer);
    },
    PlanRetired: ({ data: { planId } }) => update(planId, { active: false }),
    PlanReactivated: ({ data: { planId } }) => update(planId, { active: true }),
  },
});
