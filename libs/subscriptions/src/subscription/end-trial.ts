import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { SubscriptionCanceled, type SubscriptionEvent } from './subscription.events.js';
import { cycleBegins, runningPeriod, type UsageFacts } from './subscription.policies.js';
import { subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

/** The trial is over: billing begins with a full period, and this day becomes the anchor. Due at the trial's end. */
export class EndTrial extends Command('EndTrial')<{ readonly subscriptionId: SubscriptionId }> {}

/** The periods since the trial's end that are over when it is noticed, whose usage is billed; null where there are none. */
export function endedByTrialEnd(_: EndTrial['data'], state: Subscription, now: Instant): Period | null {
  switch (state.status) {
    case 'absent':
    case 'active':
    case 'canceled':
      return null;
    case 'trialing': {
      const { trialEnd, endsAt } = state;
      if (endsAt || now < trialEnd) return null;
      const { start } = runningPeriod(state, trialEnd, now);
      return trialEnd < start ? { start: trialEnd, end: start } : null;
    }
    default:
      return state satisfies never;
  }
}

export function endTrial(
  { subscriptionId }: EndTrial['data'],
  state: Subscription,
  { now, facts }: DecisionContext<UsageFacts>,
): SubscriptionEvent[] {
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
      return cycleBegins(state, trialEnd, now, facts.usage);
    }
    default:
      return state satisfies never;
  }
}
