import { PlanReactivated, PlanRetired, PlanVersionPublished } from '#catalog/contract.js';
import { insert, readModel, update } from '#event-sourcing/read-model.js';

/** The newest version of each plan, as new subscriptions agree to it: this context's own copy, written with the plan's events. */
export const planTerms = readModel([PlanVersionPublished, PlanRetired, PlanReactivated], {
  table: 'subscriptions.plan_terms',
  columns: { plan_version: 'integer', plan_name: 'text', active: 'boolean', interval: 'json', trial_days: 'integer', prices: 'json' },
  on: {
    PlanVersionPublished: ({ data }) => {
      const { version, name, interval, trialDays, prices } = data;
      const terms = { plan_version: version, plan_name: name, interval, trial_days: trialDays, prices };
      return data.version === 1 ? insert(data.planId, { ...terms, active: true }) : update(data.planId, terms);
    },
    PlanRetired: ({ data }) => update(data.planId, { active: false }),
    PlanReactivated: ({ data }) => update(data.planId, { active: true }),
  },
});
