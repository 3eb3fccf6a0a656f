import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { cycleBegins } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The trial is over: billing begins with a full period, and this day becomes the anchor. Due at the trial's end. */
export class EndTrial extends Command('EndTrial')<{ readonly subscriptionId: SubscriptionId }> {}

export function endTrial({ subscriptionId }: EndTrial['data'], state: Subscription, { now }: DecisionContext): SubscriptionEvent[] {
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'active':
    case 'canceled':
      return [];
    case 'trialing': {
      const { accountId, trialEnd, endsAt } = state;
      if (now < trialEnd) return [];
      if (endsAt) return [new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: endsAt, ends: 'at-period-end' })];
      return cycleBegins(state, trialEnd, now);
    }
    default:
      return state satisfies never;
  }
}
