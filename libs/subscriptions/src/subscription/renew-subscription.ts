import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { periodStarts } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The next period begins. Due at the end of the one before, which names it by its index: a repetition finds it begun. */
export class RenewSubscription extends Command('RenewSubscription')<{ readonly subscriptionId: SubscriptionId; readonly index: number }> {}

export function renewSubscription(
  { subscriptionId, index }: RenewSubscription['data'],
  state: Subscription,
  { now }: DecisionContext,
): SubscriptionEvent[] {
  if (state.status === 'absent') throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
  if (state.status !== 'active' || index !== state.index + 1 || now < state.period.end) return [];
  if (state.endsAt) return [new SubscriptionCanceled({ subscriptionId, accountId: state.accountId, canceledAt: state.endsAt })];
  return [periodStarts(state, state.anchor, index)];
}
