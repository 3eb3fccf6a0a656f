import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import { plusDays } from '#kernel/calendar.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import { currencyMismatch } from '#kernel/money.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { UsageTotals } from '#metering/usage-totals.js';
import { type AgreedPrice, type Price, priceIn } from '#pricing/price.js';
import { type PlanTerms, type SubscriptionEvent, SubscriptionStarted } from './subscription.events.js';
import { chargedAtTrialStart, cycleBegins, endOfTrial, itemsOf, type WantedQuantities } from './subscription.policies.js';
import {
  accountNotOpen,
  accountUnknown,
  chargeTooLarge,
  planRetired,
  planUnknown,
  startAtInFuture,
  startAtTooOld,
} from './subscription.refusals.js';
import { type Agreement, billedOnceBy, type Subscription } from './subscription.state.js';

/** Every period since the start is billed at once, so a slip of the year must not pass. */
const MOST_DAYS_BACK = 400;

/** Subscribes an account to a plan: with its first period and invoice at once, or with a trial. */
export class StartSubscription extends Command('StartSubscription')<{
  readonly subscriptionId: SubscriptionId;
  readonly accountId: AccountId;
  readonly planId: PlanId;
  /** Where the caller named the plan by its code: what is wrong with the plan is then said of that. */
  readonly planCode?: string;
  readonly quantity: WantedQuantities['quantity'];
  readonly items?: WantedQuantities['items'];
  /** Null for the plan's own trial. */
  readonly trialDays: number | null;
  readonly startAt: Instant | null;
  readonly anchorDay: number | null;
  readonly externalId?: string;
  readonly metadata: Readonly<Record<string, string>>;
}> {}

/** What the decision knows of the account and the plan; null for what does not exist. */
export interface StartFacts {
  readonly account: { readonly currency: Currency; readonly timeZone: TimeZone; readonly closed: boolean } | null;
  readonly plan: {
    readonly version: number;
    readonly name: string;
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
  switch (state.status) {
    case 'absent':
      return starts(command, facts, now);
    case 'trialing':
    case 'active':
    case 'canceled':
      return [];
    default:
      return state satisfies never;
  }
}

function starts(command: StartSubscription['data'], facts: StartFacts, now: Instant): SubscriptionEvent[] {
  const { subscriptionId, accountId, anchorDay, externalId, metadata } = command;
  const { currency, timeZone } = openAccount(command, facts);
  const { terms, trialDays } = agreedTerms(command, facts, currency);
  const items = itemsOf(terms.prices, command);
  const startedAt = command.startAt ?? now;
  if (startedAt > now) throw startAtInFuture(`${startedAt} has not come yet; it is ${now}.`, { pointer: '/startAt' });
  if (startedAt < plusDays(now, -MOST_DAYS_BACK, timeZone))
    throw startAtTooOld(`${startedAt} is over ${MOST_DAYS_BACK} days ago.`, { pointer: '/startAt' });
  const trialEnd = endOfTrial(startedAt, command.trialDays ?? trialDays, timeZone);
  const agreed = { subscriptionId, accountId, currency, timeZone, terms, items, anchorDay };
  const agreement: Agreement = { ...agreed, billedOnce: [], unsettled: [], unbilled: [] };
  refuseTooMuch({ ...agreement, anchorDay: null }, startedAt);
  const bill = trialEnd === null ? null : chargedAtTrialStart(agreement, startedAt);
  const started = new SubscriptionStarted({ ...agreed, startedAt, trialEnd, externalId, metadata, bill });
  if (trialEnd !== null && trialEnd > now) return [started];
  // What was due since a start in the past is billed with the period that is running now. Nothing was used of what did not exist.
  return [started, ...cycleBegins({ ...agreement, billedOnce: billedOnceBy({ bill }) }, trialEnd ?? startedAt, now, UsageTotals.none)];
}

/**
 * Said at the start, since a trial's end or a renewal could only be set aside for it: of a whole period with everything
 * that is charged once, which no later period exceeds.
 */
function refuseTooMuch(agreement: Agreement, at: Instant): void {
  const charges = cycleBegins(agreement, at, at, UsageTotals.none).flatMap((event) =>
    event.type === 'PeriodStarted' ? (event.data.bill?.charges ?? []) : [],
  );
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
    // Lines of one plan must be told from each other.
    if (agreed) return plan.prices.length > 1 ? { ...agreed, name: agreed.name ?? agreed.code } : agreed;
    const hint = `Give the account one of the plan's currencies (${Object.keys(price.currencies).join(', ')}), or add ${currency} to the plan.`;
    throw currencyMismatch(`The plan's price ${price.code} has no amount in ${currency}, the currency of the account.`, { pointer, hint });
  });
  return { terms: { planId, planVersion: plan.version, planName: plan.name, interval: plan.interval, prices }, trialDays: plan.trialDays };
}
