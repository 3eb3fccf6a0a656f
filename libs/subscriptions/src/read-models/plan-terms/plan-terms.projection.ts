import { PlanReactivated, PlanRetired, PlanVersionPublished } from '#catalog/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';

/** The newest version of each plan, as new subscriptions agree to it: this context's own copy, written with the plan's events. */
export const planTerms = readModel([PlanVersionPublished, PlanRetired, PlanReactivated], {
  table: 'subscriptions.plan_terms',
  columns: { plan_version: 'integer', active: 'boolean', interval: 'json', trial_days: 'integer', prices: 'json' },
  on: {
    PlanVersionPublished: ({ data }) => {
      const terms = { plan_version: data.version, interval: data.interval, trial_days: data.trialDays, prices: data.prices };
      return data.version === 1 ? insert(data.planId, { ...terms, active: true }) : update(data.planId, terms);
    },
    PlanRetired: ({ data }) => update(data.planId, { active: false }),
    PlanReactivated: ({ data }) => update(data.planId, { active: true }),
  },
});
