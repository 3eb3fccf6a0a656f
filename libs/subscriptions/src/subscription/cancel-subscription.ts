import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { CancellationScheduled, SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { subscriptionNotActive, subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** Ends a subscription now, or with the period (or trial) that is paid for. */
export class CancelSubscription extends Command('CancelSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly ends: 'now' | 'at-period-end';
}> {}

export function cancelSubscription(
  { subscriptionId, ends }: CancelSubscription['data'],
  state: Subscription,
  { now }: DecisionContext,
): SubscriptionEvent[] {
  if (state.status === 'absent') throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
  if (state.status === 'canceled') throw subscriptionNotActive(`The subscription ${subscriptionId} was canceled at ${state.canceledAt}.`);
  if (state.status === 'starting') throw new Error('A subscription is seen between its start and its first period.');
  const { accountId } = state;
  if (ends === 'now') return [new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: now })];
  if (state.endsAt) return [];
  return [
    new CancellationScheduled({ subscriptionId, accountId, endsAt: state.status === 'trialing' ? state.trialEnd : state.period.end }),
  ];
}
