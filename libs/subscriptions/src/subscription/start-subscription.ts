import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { anchorAlignedTo, anchorAt } from '#kernel/anchor.js';
import { plusDays } from '#kernel/calendar.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import { currencyMismatch } from '#kernel/money.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { type AgreedPrice, type Price, priceIn } from '#pricing/price.js';
import { BillingCycleAnchored, type PlanTerms, type SubscriptionEvent, SubscriptionStarted } from './subscription.events.js';
import { endOfTrial, periodStarts } from './subscription.policies.js';
import {
  accountNotOpen,
  accountUnknown,
  chargeTooLarge,
  planRetired,
  planUnknown,
  startAtInFuture,
  startAtTooOld,
} from './subscription.refusals.js';
import type { Agreement, Subscription } from './subscription.state.js';

/** Every period since the start is billed at once, so a slip of the year must not pass. */
const MOST_DAYS_BACK = 400;

/** Subscribes an account to a plan: with its first period and invoice at once, or with a trial. */
export class StartSubscription extends Command('StartSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
  readonly planId: PlanId;
  /** Where the caller named the plan by its code: what is wrong with the plan is then said of that. */
  readonly planCode?: string;
  readonly quantity: number;
  /** Null for the plan's own trial. */
  readonly trialDays: number | null;
  readonly startAt: Instant | null;
  readonly anchorDay: number | null;
  readonly metadata: Readonly<Record<string, string>>;
}> {}

/** What the decision knows of the account and the plan; null for what does not exist. */
export interface StartFacts {
  readonly account: { readonly currency: Currency; readonly timeZone: TimeZone; readonly closed: boolean } | null;
  readonly plan: {
    readonly version: number;
    readonly active: boolean;
    readonly interval: Interval;
    readonly trialDays: number;
    readonly prices: readonly Price[];
  } | null;
}

export function startSubscription(
  command: StartSubscription['data'],
  state: Subscription,
  { now, facts }: DecisionContext<StartFacts>,
): SubscriptionEvent[] {
  if (state.status !== 'absent') return [];
  const { subscriptionId, accountId, quantity, anchorDay, metadata } = command;
  const account = openAccount(command, facts);
  const { currency, timeZone } = account;
  const { terms, trialDays } = agreedTerms(command, facts, currency);
  const startedAt = command.startAt ?? now;
  if (startedAt > now) throw startAtInFuture(`${startedAt} has not come yet; it is ${now}.`, { pointer: '/startAt' });
  if (startedAt < plusDays(now, -MOST_DAYS_BACK, timeZone))
    throw startAtTooOld(`${startedAt} is over ${MOST_DAYS_BACK} days ago.`, { pointer: '/startAt' });
  const trialEnd = endOfTrial(startedAt, command.trialDays ?? trialDays, timeZone);
  const agreement: Agreement = { subscriptionId, accountId, currency, timeZone, terms, quantity, anchorDay };
  const started = new SubscriptionStarted({ ...agreement, startedAt, trialEnd, metadata });
  const billing = billingBegins(agreement, startedAt);
  refuseTooMuch(billingBegins({ ...agreement, anchorDay: null }, startedAt));
  return trialEnd === null ? [started, ...billing] : [started];
}

/** The cycle is anchored at a moment, and its first period begins there. */
export function billingBegins(agreement: Agreement, at: Instant): SubscriptionEvent[] {
  const { subscriptionId, accountId, timeZone, anchorDay } = agreement;
  const anchor = anchorDay === null ? anchorAt(at, timeZone) : anchorAlignedTo(anchorDay, at, timeZone, '/anchorDay');
  return [new BillingCycleAnchored({ subscriptionId, accountId, anchor }), periodStarts(agreement, anchor, 0)];
}

/**
 * Said at the start, since a trial's end or a renewal could only be set aside for it: of a whole period with everything
 * that is charged once, which no later period exceeds.
 */
function refuseTooMuch(billing: readonly SubscriptionEvent[]): void {
  const charges = billing.flatMap((event) => (event.type === 'PeriodStarted' ? event.data.charges : []));
  const total = charges.reduce((sum, { amount }) => sum + amount.amount, 0n);
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) throw chargeTooLarge(`A period comes to ${total} minor units.`, { pointer: '/quantity' });
}

function openAccount({ accountId }: StartSubscription['data'], { account }: StartFacts): NonNullable<StartFacts['account']> {
  if (!account) throw accountUnknown(`There is no account ${accountId}.`, { pointer: '/accountId' });
  if (account.closed) throw accountNotOpen(`The account ${accountId} is closed.`, { pointer: '/accountId' });
  return account;
}

function agreedTerms(
  { planId, planCode }: StartSubscription['data'],
  { plan }: StartFacts,
  currency: Currency,
): { terms: PlanTerms; trialDays: number } {
  const [name, pointer] = planCode === undefined ? [planId, '/planId'] : [planCode, '/planCode'];
  if (!plan) throw planUnknown(`There is no plan ${name}.`, { pointer });
  if (!plan.active) throw planRetired(`The plan ${name} is retired.`, { pointer });
  const prices = plan.prices.map((price): AgreedPrice => {
    const agreed = priceIn(price, currency);
    if (agreed) return agreed;
    const hint = `Give the account one of the plan's currencies (${Object.keys(price.currencies).join(', ')}), or add ${currency} to the plan.`;
    throw currencyMismatch(`The plan's price ${price.code} has no amount in ${currency}, the currency of the account.`, { pointer, hint });
  });
  return { terms: { planId, planVersion: plan.version, interval: plan.interval, prices }, trialDays: plan.trialDays };
}
