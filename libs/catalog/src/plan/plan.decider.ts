import { type Decider, on } from '#event-sourcing/decider.js';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import type { PlanId } from '#kernel/ids.js';
import { type PlanEvent, planEvents } from './plan.events.js';
import { evolve, initialState, type Plan } from './plan.state.js';
import { PublishPlan, publishPlan } from './publish-plan.js';
import { RevisePlan, revisePlan } from './revise-plan.js';

const stream = ({ planId }: { readonly planId: PlanId }) => planId;

/** The table of what can be asked of a plan, and who decides it. */
export const PlanDecider: Decider<Plan, PlanEvent> = {
  category: 'plan',
  events: planEvents,
  accountOf: () => null,
  initialState,
  evolve,
  keptState: { version: 1, fields: fieldsOf<Plan>()({}) },
  decisions: [on(PublishPlan, { stream, decide: publishPlan }), on(RevisePlan, { stream, decide: revisePlan })],
};
