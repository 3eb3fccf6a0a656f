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
  switch (plan.status) {
    case 'absent':
      throw planNotFound(`There is no plan ${planId}.`);
    case 'active':
      return [...nextVersion(planId, changes, plan), ...(active === false ? [new PlanRetired({ planId })] : [])];
    case 'retired':
      return [...nextVersion(planId, changes, plan), ...(active === true ? [new PlanReactivated({ planId })] : [])];
    default:
      return plan satisfies never;
  }
}

function nextVersion(planId: PlanId, changes: Partial<ProposedOffer>, { code, version, offer }: PublishedPlan): PlanEvent[] {
  const revised = checkedOffer({ ...offer, ...changes });
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(revised)), JSON.parse(JSON.stringify(offer)))) return [];
  return [new PlanVersionPublished({ planId, code, version: version + 1, ...revised })];
}
