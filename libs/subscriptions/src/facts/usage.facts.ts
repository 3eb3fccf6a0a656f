import type { AnyCommand } from '#event-sourcing/command.js';
import type { FactsLoader } from '#event-sourcing/decider.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { type Closing, closeUsage } from '#metering/usage-totals.js';
import { type CancelSubscription, closedByCancellation } from '../subscription/cancel-subscription.js';
import { closedByTrialEnd, type EndTrial } from '../subscription/end-trial.js';
import { closedByRenewal, type RenewSubscription } from '../subscription/renew-subscription.js';
import type { UsageFacts } from '../subscription/subscription.policies.js';
import type { Subscription } from '../subscription/subscription.state.js';

export const usageOfPeriod = usageClosedBy<RenewSubscription>(closedByRenewal);
export const usageUntilCanceled = usageClosedBy<CancelSubscription>(closedByCancellation);
export const usageSinceTrial = usageClosedBy<EndTrial>(closedByTrialEnd);

/**
 * Closes what the commands close, by the same rule as their decisions, and reads what was used. Whoever meters nothing pays nothing:
 * a batch without a metered subscription asks no query.
 */
function usageClosedBy<C extends AnyCommand>(
  closedBy: (data: C['data'], state: Subscription, now: Instant) => Period | null,
): FactsLoader<C, UsageFacts, Subscription> {
  return async (sql, requests, bucket) => {
    const closings = requests.map(({ data, state, now }) => (isMetered(state) ? closingOf(state, closedBy(data, state, now)) : null));
    const asked = closings.filter((closing) => closing !== null);
    if (asked.length === 0) return closings.map(() => ({ usage: null }));
    const totals = await closeUsage(sql, bucket, asked);
    let next = 0;
    return closings.map((closing) => ({ usage: closing && totals[next++]! }));
  };
}

type Agreed = Exclude<Subscription, { status: 'absent' }>;

function isMetered(state: Subscription): state is Agreed {
  return state.status !== 'absent' && state.terms.prices.some(({ kind }) => kind === 'usage');
}

function closingOf({ subscriptionId }: Agreed, closed: Period | null): Closing | null {
  return closed && { subscriptionId, from: closed.start, until: closed.end };
}
