import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { cycleEnds, cycleGoesOn, type UsageFacts } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The next period begins. Due at the end of the one before, which names it by its number: a repetition finds it begun. */
export class RenewSubscription extends Command('RenewSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly number: number;
}> {}

/** The period that the renewal ends, and whose usage it bills; null where it does nothing. */
export function endedByRenewal({ number }: RenewSubscription['data'], state: Subscription, now: Instant): Period | null {
  switch (state.status) {
    case 'absent':
    case 'trialing':
    case 'canceled':
      return null;
    case 'active':
      return number === state.current.number + 1 && now >= state.current.period.end ? state.current.period : null;
    default:
      return state satisfies never;
  }
}

export function renewSubscription(
  command: RenewSubscription['data'],
  state: Subscription,
  { now, facts }: DecisionContext<UsageFacts>,
): SubscriptionEvent[] {
  const { subscriptionId } = command;
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'trialing':
    case 'canceled':
      return [];
    case 'active': {
      const { accountId, endsAt } = state;
      if (!endedByRenewal(command, state, now)) return [];
      if (!endsAt) return cycleGoesOn(state, facts.usage);
      return [
        ...cycleEnds(state, endsAt, facts.usage),
        new SubscriptionCanceled({ subscriptionId, accountId, canceledAt: endsAt, ends: 'at-period-end' }),
      ];
    }
    default:
      return state satisfies never;
  }
}
