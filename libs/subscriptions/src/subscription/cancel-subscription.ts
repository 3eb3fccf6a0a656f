import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { CancellationScheduled, SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { cycleEnds, type UsageFacts } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Active, Subscription, Trialing } from './subscription.state.js';

type Running = Trialing | Active;

/** Ends a subscription now, or with the period (or trial) that is paid for. One that has ended is left as it is. */
export class CancelSubscription extends Command('CancelSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly ends: 'now' | 'at-period-end';
}> {}

/** The time whose usage the cancellation bills. Null where the subscription runs on, or has no period. */
export function endedByCancellation({ ends }: CancelSubscription['data'], state: Subscription, now: Instant): Period | null {
  switch (state.status) {
    case 'absent':
    case 'trialing':
    case 'canceled':
      return null;
    case 'active':
      return ends === 'now' ? { start: state.current.period.start, end: now } : null;
    default:
      return state satisfies never;
  }
}

export function cancelSubscription(
  command: CancelSubscription['data'],
  state: Subscription,
  { now, facts }: DecisionContext<UsageFacts>,
): SubscriptionEvent[] {
  const { subscriptionId, ends } = command;
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'canceled':
      return [];
    case 'trialing':
      return ends === 'now' ? [canceled(state, now)] : scheduled(state, state.trialEnd);
    case 'active':
      return endedByCancellation(command, state, now)
        ? [...cycleEnds(state, now, facts.usage), canceled(state, now)]
        : scheduled(state, state.current.period.end);
    default:
      return state satisfies never;
  }
}

function canceled({ subscriptionId, accountId }: Running, canceledAt: Instant): SubscriptionCanceled {
  return new SubscriptionCanceled({ subscriptionId, accountId, canceledAt, ends: 'now' });
}

/** An end that is scheduled already stays as it is. */
function scheduled({ subscriptionId, accountId, endsAt: known }: Running, endsAt: Instant): SubscriptionEvent[] {
  return known ? [] : [new CancellationScheduled({ subscriptionId, accountId, endsAt })];
}
