import type { Anchor } from '#kernel/anchor.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Period } from '#kernel/period.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Charge } from '#pricing/charge.js';
import type { Item, LateUsage, PeriodEnded, PeriodStarted, PlanTerms, SubscriptionEvent } from './subscription.events.js';

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
  /** Periods that are over whose usage may still come, the oldest first; none where nothing is metered. */
  readonly unsettled: readonly UnsettledPeriod[];
  /** What is charged or taken back and waits for the next bill that it does not make negative. */
  readonly unbilled: readonly Charge[];
}

/** All that must be known to price its usage once more: the terms of its time, and what was billed for it. */
export interface UnsettledPeriod extends LateUsage {
  readonly number: number;
  readonly period: Period;
  /** With the metered prices alone. */
  readonly terms: PlanTerms;
  /** Those of usage. */
  readonly charges: readonly Charge[];
  /** The cause of the bill that they are in; null where there are none, or where they wait for one. */
  readonly billedBy: string | null;
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
      const agreement = {
        subscriptionId,
        accountId,
        currency,
        timeZone,
        terms,
        items,
        anchorDay,
        billedOnce: billedOnceBy({ bill }),
        unsettled: [],
        unbilled: [],
      };
      return { ...agreement, status: 'trialing', trialEnd: trialEnd ?? startedAt, endsAt: null };
    }
    case 'PeriodStarted': {
      const { number, index, period, anchor = anchorOf(state) } = event.data;
      const agreement = afterBilling(agreementOf(state), event.data);
      const current = { number, index, period, segments: [{ period, charges: chargesFor(period, event.data) }] };
      const billedOnce = [...agreement.billedOnce, ...billedOnceBy(event.data)];
      return { ...agreement, billedOnce, status: 'active', anchor, current, endsAt: null };
    }
    case 'PeriodEnded': {
      const agreement = agreementOf(state);
      const unsettled = [...agreement.unsettled, ...unsettledAfter(agreement, event.data)];
      return { ...startedOf(state), ...afterBilling({ ...agreement, unsettled }, event.data) };
    }
    case 'UsageSettled': {
      const unsettled = unsettledOf(state).filter(({ number }) => number !== event.data.number);
      return { ...startedOf(state), ...afterBilling({ ...agreementOf(state), unsettled }, event.data) };
    }
    case 'CancellationScheduled':
      return { ...runningOf(state), endsAt: event.data.endsAt };
    case 'SubscriptionCanceled':
      return { ...agreementOf(state), status: 'canceled', canceledAt: event.data.canceledAt };
    case 'BillingRetried':
      return state;
    default:
      return event satisfies never;
  }
}

type WithBilling = Pick<PeriodStarted['data'], 'bill' | 'unbilled'>;

/** A bill takes with it all that has waited. */
function afterBilling(agreement: Agreement, billing: WithBilling): Agreement {
  const { bill, unbilled = [] } = billing;
  const unsettled = agreement.unsettled.map((over) => withCharges(over, billing));
  return { ...agreement, unsettled, unbilled: bill ? [] : [...agreement.unbilled, ...unbilled] };
}

/** A bill may hold charges of earlier periods too, and what is charged once belongs to none. */
function chargesFor({ start, end }: Period, { bill, unbilled = [] }: WithBilling): Charge[] {
  return (bill?.charges ?? unbilled).filter(
    ({ kind, reverses, period }) => kind !== 'oneTime' && !reverses && period.start >= start && period.end <= end,
  );
}

function unsettledAfter({ terms }: Agreement, { number, period, lateUsage }: PeriodEnded['data']): UnsettledPeriod[] {
  if (!lateUsage) return [];
  const metered = { ...terms, prices: terms.prices.filter(({ meter }) => meter !== undefined) };
  return [{ ...lateUsage, number, period, terms: metered, charges: [], billedBy: null }];
}

/** Usage is charged with the end of its period, or with a later one. */
function withCharges(over: UnsettledPeriod, { bill, unbilled = [] }: WithBilling): UnsettledPeriod {
  const charges = (bill?.charges ?? unbilled).filter(
    ({ kind, reverses, period }) => kind === 'usage' && !reverses && period.start === over.period.start,
  );
  return charges.length > 0 ? { ...over, charges, billedBy: bill?.cause ?? null } : over;
}

/** The one-time prices that an event charges, as `plan/price`. */
export function billedOnceBy({ bill, unbilled = [] }: WithBilling): string[] {
  return (bill?.charges ?? unbilled).flatMap(({ kind, plan, priceCode }) =>
    kind === 'oneTime' && plan ? [`${plan.id}/${priceCode}`] : [],
  );
}

function anchorOf(state: Subscription): Anchor {
  if (state.status !== 'active') throw new Error(`A period without an anchor started while ${state.status}.`);
  return state.anchor;
}

/** Periods whose usage may still come. */
export function unsettledOf(state: Subscription): readonly UnsettledPeriod[] {
  switch (state.status) {
    case 'absent':
      return [];
    case 'trialing':
    case 'active':
    case 'canceled':
      return state.unsettled;
    default:
      return state satisfies never;
  }
}

function agreementOf(state: Subscription): Agreement {
  const { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, billedOnce, unsettled, unbilled } = startedOf(state);
  return { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay, billedOnce, unsettled, unbilled };
}

function startedOf(state: Subscription): Trialing | Active | Canceled {
  switch (state.status) {
    case 'absent':
      throw new Error('The subscription has not started.');
    case 'trialing':
    case 'active':
    case 'canceled':
      return state;
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
