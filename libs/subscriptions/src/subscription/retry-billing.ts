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
  if (state.status === 'absent') throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
  if (state.status === 'canceled') throw subscriptionNotActive(`The subscription ${subscriptionId} was canceled at ${state.canceledAt}.`);
  if (state.status === 'starting') throw new Error('A subscription is seen between its start and its first period.');
  const due =
    state.status === 'trialing'
      ? ({ what: 'trial-end', at: state.trialEnd } as const)
      : ({ what: 'renewal', index: state.index + 1, at: state.period.end } as const);
  return [new BillingRetried({ subscriptionId, accountId: state.accountId, reason, due })];
}
