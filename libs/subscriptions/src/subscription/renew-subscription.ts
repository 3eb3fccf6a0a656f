import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { cycleEnds, cycleGoesOn } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The next period begins. Due at the end of the one before, which names it by its number: a repetition finds it begun. */
export class RenewSubscription extends Command('RenewSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly number: number;
}> {}

export function renewSubscription(
  { subscriptionId, number }: RenewSubscription['data'],
  state: Subscription,
  { now }: DecisionContext,
): SubscriptionEvent[] {
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'trialing':
    case 'canceled':
      return [];
    case 'active': {
      const { accountId, current, endsAt } = state;
      if (number !== current.number + 1 || now < current.period.end) return [];
      if (!endsAt) return cycleGoesOn(state);
      return [
        ...cycleEnds(state, endsAt),
        new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: endsAt, ends: 'at-period-end' }),
      ];
    }
    default:
      return state satisfies never;
  }
}
