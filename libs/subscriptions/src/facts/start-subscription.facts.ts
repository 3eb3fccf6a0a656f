import type { FactsRequest } from '#event-sourcing/decider.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PlanId } from '#kernel/ids.js';
import type { Interval } from '#kernel/interval.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Price } from '#pricing/price.js';
import type { StartFacts, StartSubscription } from '../subscription/start-subscription.js';

interface FactsRow {
  account_id: AccountId | null;
  currency: Currency;
  time_zone: TimeZone;
  closed: boolean;
  plan_id: PlanId | null;
  plan_version: number;
  plan_name: string;
  active: boolean;
  interval: Interval;
  trial_days: number;
  prices: Price[];
}

/** The account's and the plan's terms for each of the commands, from this context's own copies, in one query. */
export async function factsForStart(sql: Sql, requests: readonly FactsRequest<StartSubscription>[]): Promise<StartFacts[]> {
  const rows = await sql.query<FactsRow>(
    `select a.id as account_id, a.currency, a.time_zone, a.closed,
            p.id as plan_id, p.plan_version, p.plan_name, p.active, p.interval, p.trial_days, p.prices
       from unnest($1::uuid[], $2::uuid[]) with ordinality as c (account_id, plan_id, index)
       left join subscriptions.account_terms a on a.bucket = get_byte(uuid_send(c.account_id), 15) and a.id = c.account_id
       left join subscriptions.plan_terms p on p.bucket = get_byte(uuid_send(c.plan_id), 15) and p.id = c.plan_id
      order by c.index`,
    [requests.map(({ data }) => data.accountId), requests.map(({ data }) => data.planId)],
  );
  return rows.map((row) => ({
    account: row.account_id && { currency: row.currency, timeZone: row.time_zone, closed: row.closed },
    plan: row.plan_id && {
      version: row.plan_version,
      name: row.plan_name,
      active: row.active,
      interval: row.interval,
      trialDays: row.trial_days,
      prices: row.prices,
    },
  }));
}
