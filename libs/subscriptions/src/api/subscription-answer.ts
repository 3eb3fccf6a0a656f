import type { Answer, Outcome } from '#event-sourcing/command.js';
import type { Sql } from '#event-sourcing/sql.js';
import { etagOf } from '#platform/http/etag.js';
import { type Queryable, rowById } from '#platform/sql/row-query.js';
import { accountHolds } from '../read-models/account-terms/account-hold.query.js';
import {
  type SubscriptionRow,
  type SubscriptionView,
  subscriptionRows,
  subscriptionView,
} from '../read-models/subscription-details/subscription-details.query.js';

/** Answers a command with its subscription as it then is, read in the transaction of the command. */
export const answerWithSubscription =
  (status: 200 | 201) =>
  async (sql: Sql, { streamId, version }: Outcome): Promise<Answer> => {
    const row = await rowById<SubscriptionRow>(sql, subscriptionRows, streamId);
    const [body] = await shownSubscriptions(sql, [row!]);
    const location: Record<string, string> = status === 201 ? { Location: `/v1/subscriptions/${streamId}` } : {};
    return { status, headers: { ETag: etagOf(version), ...location }, body };
  };

/** The subscriptions as REST shows them, with the holds of their accounts, which are one query for all of them. */
export async function shownSubscriptions(sql: Queryable, rows: readonly SubscriptionRow[]): Promise<SubscriptionView[]> {
  const holds = await accountHolds(
    sql,
    rows.map((row) => row.account_id),
  );
  return rows.map((row, index) => ({ ...subscriptionView(row), hold: holds[index] ?? null }));
}
