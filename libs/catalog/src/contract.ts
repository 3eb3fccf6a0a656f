/** All that other contexts may know of plans. */
export { type Offer, type PlanEvent, PlanReactivated, PlanRetired, PlanVersionPublished, planEvents } from './plan/plan.events.js';
export { planIdOf } from './plan/plan.policies.js';
