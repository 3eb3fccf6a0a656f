import type { AnyCommand } from '#event-sourcing/command.js';
import type { FactsLoader } from '#event-sourcing/decider.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import { closeUsage, type UsageSpan, usageTotals } from '#metering/usage-totals.js';
import { type CancelSubscription, endedByCancellation } from '../subscription/cancel-subscription.js';
import { type EndTrial, endedByTrialEnd } from '../subscription/end-trial.js';
import { endedByRenewal, type RenewSubscription } from '../subscription/renew-subscription.js';
import { closedBySettlement, type SettleLateUsage } from '../subscription/settle-late-usage.js';
import type { UsageFacts } from '../subscription/subscription.policies.js';
import type { Subscription } from '../subscription/subscription.state.js';

export const usageOfPeriod = usageOf<RenewSubscription>(ofMetered(endedByRenewal), usageTotals);
export const usageUntilCanceled = usageOf<CancelSubscription>(ofMetered(endedByCancellation), usageTotals);
export const usageSinceTrial = usageOf<EndTrial>(ofMetered(endedByTrialEnd), usageTotals);
/** The one that writes: nothing is accepted of what it has read, and all that was accepted before is in it. */
export const usageToSettle = usageOf<SettleLateUsage>(closedBySettlement, closeUsage);

type PeriodOf<C extends AnyCommand> = (data: C['data'], state: Subscription, now: Instant) => Period | null;

/**
 * Reads what was used of the periods that the commands end or settle, by the same rule as their decisions. Whoever meters nothing
 * pays nothing: a batch without a metered subscription asks no query.
 */
function usageOf<C extends AnyCommand>(periodOf: PeriodOf<C>, read: typeof usageTotals): FactsLoader<C, UsageFacts, Subscription> {
  return async (sql, requests, bucket) => {
    const spans = requests.map(({ data, state, now }) => spanOf(state, periodOf(data, state, now)));
    const asked = spans.filter((span) => span !== null);
    if (asked.length === 0) return spans.map(() => ({ usage: null }));
    const totals = await read(sql, bucket, asked);
    let next = 0;
    return spans.map((span) => ({ usage: span && totals[next++]! }));
  };
}

/** Of those whose terms meter something alone. */
function ofMetered<C extends AnyCommand>(periodOf: PeriodOf<C>): PeriodOf<C> {
  return (data, state, now) => (isMetered(state) ? periodOf(data, state, now) : null);
}

function isMetered(state: Subscription): boolean {
  return state.status !== 'absent' && state.terms.prices.some(({ kind }) => kind === 'usage');
}

function spanOf(state: Subscription, period: Period | null): UsageSpan | null {
  return period && state.status !== 'absent' ? { subscriptionId: state.subscriptionId, from: period.start, until: period.end } : null;
}
