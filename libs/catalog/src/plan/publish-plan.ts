import { Command } from '#event-sourcing/command.js';
import type { PlanId } from '#kernel/ids.js';
import { type PlanEvent, PlanVersionPublished } from './plan.events.js';
import { checkedOffer, type ProposedOffer } from './plan.policies.js';
import { planCodeTaken } from './plan.refusals.js';
import type { Plan } from './plan.state.js';

/** Begins a plan with its first version. The plan's id follows from its code. */
export class PublishPlan extends Command('PublishPlan')<ProposedOffer & { readonly planId: PlanId; readonly code: string }> {}

export function publishPlan({ planId, code, ...proposed }: PublishPlan['data'], plan: Plan): PlanEvent[] {
  switch (plan.status) {
    case 'absent':
      return [new PlanVersionPublished({ planId, code, version: 1, ...checkedOffer(proposed) })];
    case 'active':
    case 'retired':
      throw planCodeTaken(`There is a plan with the code ${code} already: ${planId}.`, { pointer: '/code' });
    default:
      return plan satisfies never;
  }
}
