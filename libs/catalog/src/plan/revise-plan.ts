import { isDeepStrictEqual } from 'node:util';
import { Command } from '#event-sourcing/command.js';
import type { PlanId } from '#kernel/ids.js';
import { type PlanEvent, PlanReactivated, PlanRetired, PlanVersionPublished } from './plan.events.js';
import { checkedOffer, type ProposedOffer } from './plan.policies.js';
import { planNotFound } from './plan.refusals.js';
import type { Plan, PublishedPlan } from './plan.state.js';

/**
 * Changes a plan: what is given is different in the next version, what is absent is as before. Retiring and reactivating are no
 * new version, but may come together with one. Subscriptions keep the version that they agreed to.
 */
export class RevisePlan extends Command('RevisePlan')<{
  readonly planId: PlanId;
  readonly changes: Partial<ProposedOffer>;
  readonly active?: boolean;
}> {}

export function revisePlan({ planId, changes, active }: RevisePlan['data'], plan: Plan): PlanEvent[] {
  if (plan.status === 'absent') throw planNotFound(`There is no plan ${planId}.`);
  return [...nextVersion(planId, changes, plan), ...availability(planId, active, plan)];
}

function nextVersion(planId: PlanId, changes: Partial<ProposedOffer>, { code, version, offer }: PublishedPlan): PlanEvent[] {
  const revised = checkedOffer({ ...offer, ...changes });
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(revised)), JSON.parse(JSON.stringify(offer)))) return [];
  return [new PlanVersionPublished({ planId, code, version: version + 1, ...revised })];
}

function availability(planId: PlanId, active: boolean | undefined, { status }: PublishedPlan): PlanEvent[] {
  if (active === false && status === 'active') return [new PlanRetired({ planId })];
  if (active === true && status === 'retired') return [new PlanReactivated({ planId })];
  return [];
}
