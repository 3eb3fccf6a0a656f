import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { PlanId } from '#kernel/ids.js';
import type { Interval } from '#kernel/interval.js';
import type { Price } from '#pricing/price.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

/** What a version of a plan fixes for ever. */
export interface Offer {
  readonly name: string;
  readonly interval: Interval;
  readonly trialDays: number;
  readonly prices: readonly Price[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** A version is published whole, so that whoever hears it needs no other. Version 1 is the plan's beginning, and makes it active. */
export class PlanVersionPublished extends DomainEvent('PlanVersionPublished')<
  Offer & { readonly planId: PlanId; readonly code: string; readonly version: number }
> {}

/** The plan takes no new subscriptions; those it has go on. */
export class PlanRetired extends DomainEvent('PlanRetired')<{ readonly planId: PlanId }> {}

export class PlanReactivated extends DomainEvent('PlanReactivated')<{ readonly planId: PlanId }> {}

export const planEvents = [PlanVersionPublished, PlanRetired, PlanReactivated] as const;
export type PlanEvent = EventOf<typeof planEvents>;
