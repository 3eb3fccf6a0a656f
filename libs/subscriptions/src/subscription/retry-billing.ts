import { Command } from '#event-sourcing/command.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { BillingRetried, type SubscriptionEvent } from './subscription.events.js';
import { subscriptionNotActive, subscriptionNotFound } from './subscription.refusals.js';
import type { Agreement, Subscription } from './subscription.state.js';

/**
 * Bills a subscription again whose billing was set aside, once a person has mended what was in its way. One whose billing goes
 * on undisturbed is due when it was due anyway.
 */
export class RetryBilling extends Command('RetryBilling')<{
  readonly subscriptionId: SubscriptionId;
  /** What was mended, in the words of whoever asks. */
  readonly reason: string;
}> {}

export function retryBilling({ subscriptionId, reason }: RetryBilling['data'], state: Subscription): SubscriptionEvent[] {
  const retried = ({ accountId, unsettled }: Agreement, ...next: BillingRetried['data']['due'][]) => {
    const late = unsettled.map(({ number, until }) => ({ what: 'late-usage', number, at: until }) as const);
    return [...next, ...late].map((due) => new BillingRetried({ subscriptionId, accountId, reason, due }));
  };
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'canceled':
      if (state.unsettled.length > 0) return retried(state);
      throw subscriptionNotActive(`The subscription ${subscriptionId} was canceled at ${state.canceledAt}.`);
    case 'trialing':
      return retried(state, { what: 'trial-end', at: state.trialEnd });
    case 'active':
      return retried(state, { what: 'renewal', number: state.current.number + 1, at: state.current.period.end });
    default:
      return state satisfies never;
  }
}
