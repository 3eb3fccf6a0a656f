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
  if (event.type === 'PlanVersionPublished') {
    const { planId: _, code, version, ...offer } = event.data;
    return { status: state.status === 'retired' ? 'retired' : 'active', code, version, offer };
  }
  if (state.status === 'absent') throw new Error(`${event.type} follows on a plan that has no version.`);
  switch (event.type) {
    case 'PlanRetired':
      return { ...state, status: 'retired' };
    case 'PlanReactivated':
      return { ...state, status: 'active' };
    default:
      return event satisfies never;
  }
}
