import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { PlanTerms, SubscriptionEvent } from './subscription.events.js';

/** What every subscription has from its start to its end. */
export interface Agreement {
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly timeZone: TimeZone;
  readonly terms: PlanTerms;
  readonly quantity: number;
  readonly anchorDay: number | null;
}

export interface Trialing extends Agreement {
  readonly status: 'trialing';
  readonly trialEnd: Instant;
  readonly endsAt: Instant | null;
}

export interface Active extends Agreement {
  readonly status: 'active';
  readonly anchor: Anchor;
  readonly index: number;
  readonly period: Period;
  /** The end of the current period where the subscription is to end with it. */
  readonly endsAt: Instant | null;
}

/** Between its start, or its trial's end, and its first period: never seen outside one decision. */
interface Starting extends Agreement {
  readonly status: 'starting';
  readonly anchor: Anchor | null;
}

export type Subscription =
  | { readonly status: 'absent' }
  | Starting
  | Trialing
  | Active
  | (Agreement & { readonly status: 'canceled'; readonly canceledAt: Instant });

export const initialState: Subscription = { status: 'absent' };

export function evolve(state: Subscription, event: SubscriptionEvent): Subscription {
  switch (event.type) {
    case 'SubscriptionStarted': {
      const { subscriptionId, accountId, currency, timeZone, terms, quantity, anchorDay, trialEnd } = event.data;
      const agreement = { subscriptionId, accountId, currency, timeZone, terms, quantity, anchorDay };
      return trialEnd === null
        ? { ...agreement, status: 'starting', anchor: null }
        : { ...agreement, status: 'trialing', trialEnd, endsAt: null };
    }
    case 'BillingCycleAnchored':
      return { ...agreementOf(state), status: 'starting', anchor: event.data.anchor };
    case 'PeriodStarted': {
      const { index, period } = event.data;
      if (state.status !== 'active' && (state.status !== 'starting' || !state.anchor))
        throw new Error(`A period started while ${state.status}.`);
      return { ...agreementOf(state), status: 'active', anchor: state.anchor!, index, period, endsAt: null };
    }
    case 'CancellationScheduled':
      if (state.status !== 'active' && state.status !== 'trialing') throw new Error(`An end was scheduled while ${state.status}.`);
      return { ...state, endsAt: event.data.endsAt };
    case 'SubscriptionCanceled':
      return { ...agreementOf(state), status: 'canceled', canceledAt: event.data.canceledAt };
    case 'BillingRetried':
      return state;
    default:
      return event satisfies never;
  }
}

function agreementOf(state: Subscription): Agreement {
  if (state.status === 'absent') throw new Error('The subscription has not started.');
  const { subscriptionId, accountId, currency, timeZone, terms, quantity, anchorDay } = state;
  return { subscriptionId, accountId, currency, timeZone, terms, quantity, anchorDay };
}
