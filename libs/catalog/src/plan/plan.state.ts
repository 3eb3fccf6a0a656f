import type { Offer, PlanEvent } from './plan.events.js';

export interface PublishedPlan {
  readonly status: 'active' | 'retired';
  readonly code: string;
  /** The newest version, counted from 1. */
  readonly version: number;
  readonly offer: Offer;
}

export type Plan = { readonly status: 'absent' } | PublishedPlan;

export const initialState: Plan = { status: 'absent' };

export function evolve(state: Plan, event: PlanEvent): Plan {
  switch (event.type) {
    case 'PlanVersionPublished': {
      const { planId: _, code, version, ...offer } = event.data;
      return { status: availabilityOf(state), code, version, offer };
    }
    case 'PlanRetired':
      return { ...published(state, event), status: 'retired' };
    case 'PlanReactivated':
      return { ...published(state, event), status: 'active' };
    default:
      return event satisfies never;
  }
}

/** Whether a plan can be had once it has another version: a retired one stays retired. */
function availabilityOf(state: Plan): PublishedPlan['status'] {
  switch (state.status) {
    case 'absent':
    case 'active':
      return 'active';
    case 'retired':
      return 'retired';
    default:
      return state satisfies never;
  }
}

function published(state: Plan, { type }: PlanEvent): PublishedPlan {
  switch (state.status) {
    case 'absent':
      throw new Error(`${type} follows on a plan that has no version.`);
    case 'active':
    case 'retired':
      return state;
    default:
      return state satisfies never;
  }
}
