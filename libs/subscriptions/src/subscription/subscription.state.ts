import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Bill } from '#pricing/bill.js';
import type { Charge } from '#pricing/charge.js';
import type { Item, PlanTerms, SubscriptionEvent } from './subscription.events.js';

/** What every subscription has from its start to its end. */
export interface Agreement {
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly timeZone: TimeZone;
  readonly terms: PlanTerms;
  readonly items: readonly Item[];
  readonly anchorDay: number | null;
  /** One-time prices that were billed, as `plan/price`: each is billed once in the subscription's life. */
  readonly billedOnce: readonly string[];
}

/** A part of a period under the same terms and quantities, with what was billed for it: what is unused is taken back from that. */
export interface Segment {
  readonly period: Period;
  readonly charges: readonly Charge[];
}

export interface CurrentPeriod {
  readonly number: number;
  readonly index: number;
  readonly period: Period;
  /** In their order, without a gap, from the period's start to its end. */
  readonly segments: readonly Segment[];
}

export interface Trialing extends Agreement {
  readonly status: 'trialing';
  /** The moment of the start where there is no trial: billing begins in the same decision. */
  readonly trialEnd: Instant;
  readonly endsAt: Instant | null;
}

export interface Active extends Agreement {
  readonly status: 'active';
  readonly anchor: Anchor;
  readonly current: CurrentPeriod;
  /** The end of the current period where the subscription is to end with it. */
  readonly endsAt: Instant | null;
}

export type Canceled = Agreement & { readonly status: 'canceled'; readonly canceledAt: Instant };

export type Subscription = { readonly status: 'absent' } | Trialing | Active | Canceled;

export const initialState: Subscription = { status: 'absent' };

export function evolve(state: Subscription, event: SubscriptionEvent): Subscription {
  switch (event.type) {
    case 'SubscriptionStarted': {
      const { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, trialEnd, startedAt, bill } = event.data;
      const agreement = { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, billedOnce: billedOnceBy(bill) };
      return { ...agreement, status: 'trialing', trialEnd: trialEnd ?? startedAt, endsAt: null };
    }
    case 'PeriodStarted': {
      const { number, index, period, anchor = anchorOf(state), bill } = event.data;
      const agreement = agreementOf(state);
      const current = { number, index, period, segments: [{ period, charges: chargesFor(period, bill) }] };
      const billedOnce = [...agreement.billedOnce, ...billedOnceBy(bill)];
      return { ...agreement, billedOnce, status: 'active', anchor, current, endsAt: null };
    }
    case 'CancellationScheduled':
      return { ...runningOf(state), endsAt: event.data.endsAt };
    case 'SubscriptionCanceled':
      return { ...agreementOf(state), status: 'canceled', canceledAt: event.data.canceledAt };
    case 'PeriodEnded':
    case 'BillingRetried':
      return state;
    default:
      return event satisfies never;
  }
}

/** A bill may hold charges of earlier periods too, and what is charged once belongs to none. */
function chargesFor({ start, end }: Period, bill: Bill | null): Charge[] {
  return (bill?.charges ?? []).filter(
    ({ kind, reverses, period }) => kind !== 'oneTime' && !reverses && period.start >= start && period.end <= end,
  );
}

/** The one-time prices that a bill charges, as `plan/price`. */
export function billedOnceBy(bill: Bill | null): string[] {
  return (bill?.charges ?? []).flatMap(({ kind, plan, priceCode }) => (kind === 'oneTime' && plan ? [`${plan.id}/${priceCode}`] : []));
}

function anchorOf(state: Subscription): Anchor {
  if (state.status !== 'active') throw new Error(`A period without an anchor started while ${state.status}.`);
  return state.anchor;
}

function agreementOf(state: Subscription): Agreement {
  switch (state.status) {
    case 'absent':
      throw new Error('The subscription has not started.');
    case 'trialing':
    case 'active':
    case 'canceled': {
      const { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, billedOnce } = state;
      return { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, billedOnce };
    }
    default:
      return state satisfies never;
  }
}

function runningOf(state: Subscription): Trialing | Active {
  switch (state.status) {
    case 'absent':
    case 'canceled':
      throw new Error(`An end was scheduled while ${state.status}.`);
    case 'trialing':
    case 'active':
      return state;
    default:
      return state satisfies never;
  }
}
