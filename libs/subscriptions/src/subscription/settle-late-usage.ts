import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { usageSettles } from './late-usage.policies.js';
import type { SubscriptionEvent } from './subscription.events.js';
import type { UsageFacts } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import { type Subscription, type UnsettledPeriod, unsettledOf } from './subscription.state.js';

/** Nothing more is accepted of a period that is over, and what came late is billed. Due when its time is up, also of a subscription that has ended. */
export class SettleLateUsage extends Command('SettleLateUsage')<{
  readonly subscriptionId: SubscriptionId;
  readonly number: number;
}> {}

/** The period whose usage is closed; null where it is settled already, or not yet to be. */
export function closedBySettlement({ number }: SettleLateUsage['data'], state: Subscription, now: Instant): Period | null {
  return unsettledPeriod(state, number, now)?.period ?? null;
}

export function settleLateUsage(
  { subscriptionId, number }: SettleLateUsage['data'],
  state: Subscription,
  { now, facts }: DecisionContext<UsageFacts>,
): SubscriptionEvent[] {
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'trialing':
    case 'active':
    case 'canceled': {
      const over = unsettledPeriod(state, number, now);
      return over ? [usageSettles(state, over, facts.usage)] : [];
    }
    default:
      return state satisfies never;
  }
}

function unsettledPeriod(state: Subscription, number: number, now: Instant): UnsettledPeriod | undefined {
  return unsettledOf(state).find((over) => over.number === number && now >= over.until);
}
