import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { billingBegins } from './start-subscription.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The trial is over: billing begins with a full period, and this day becomes the anchor. Due at the trial's end. */
export class EndTrial extends Command('EndTrial')<{ readonly subscriptionId: SubscriptionId }> {}

export function endTrial({ subscriptionId }: EndTrial['data'], state: Subscription, { now }: DecisionContext): SubscriptionEvent[] {
  if (state.status === 'absent') throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
  if (state.status !== 'trialing' || now < state.trialEnd) return [];
  if (state.endsAt) return [new SubscriptionCanceled({ subscriptionId, accountId: state.accountId, canceledAt: state.endsAt })];
  return billingBegins(state, state.trialEnd);
}
