import { Command } from '#event-sourcing/command.js';
import type { SubscriptionId } from '#kernel/ids.js';
import { BillingRetried, type SubscriptionEvent } from './subscription.events.js';
import { subscriptionNotActive, subscriptionNotFound } from './subscription.refusals.js';
import type { Subscription } from './subscription.state.js';

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
  const retried = (due: BillingRetried['data']['due'], { accountId }: { accountId: BillingRetried['data']['accountId'] }) => [
    new BillingRetried({ subscriptionId, accountId, reason, due }),
  ];
  switch (state.status) {
    case 'absent':
      throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    case 'canceled':
      throw subscriptionNotActive(`The subscription ${subscriptionId} was canceled at ${state.canceledAt}.`);
    case 'trialing':
      return retried({ what: 'trial-end', at: state.trialEnd }, state);
    case 'active':
      return retried({ what: 'renewal', number: state.current.number + 1, at: state.current.period.end }, state);
    default:
      return state satisfies never;
  }
}
