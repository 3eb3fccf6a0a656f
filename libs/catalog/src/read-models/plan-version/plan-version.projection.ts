import { ignored, insert, readModel } from '#event-sourcing/read-model.js';
import { derivedId, type Id, type PlanId } from '#kernel/ids.js';
import { PlanReactivated, PlanRetired, PlanVersionPublished } from '../../plan/plan.events.js';

/** Every version of every plan, as subscriptions and invoices refer to them. */
export const planVersions = readModel([PlanVersionPublished, PlanRetired, PlanReactivated], {
  table: 'catalog.plan_version',
  columns: {
    plan_id: 'uuid',
    plan_version: 'integer',
    name: 'text',
    interval: 'json',
    trial_days: 'integer',
    prices: 'json',
    metadata: 'json',
    published_at: 'timestamptz',
  },
  on: {
    PlanVersionPublished: ({ data: { planId, version, name, interval, trialDays, prices, metadata } }, { effectiveAt }) =>
      insert(planVersionIdOf(planId, version), {
        plan_id: planId,
        plan_version: version,
        ...{ name, interval, prices, metadata },
        trial_days: trialDays,
        published_at: effectiveAt,
      }),
    PlanRetired: ignored,
    PlanReactivated: ignored,
  },
});

export function planVersionIdOf(planId: PlanId, version: number): Id<'plan-version'> {
  return derivedId(planId, `version/${version}`);
}
