import type { Answer, Outcome } from '#event-sourcing/command.js';
import type { Sql } from '#event-sourcing/sql.js';
import { etagOf } from '#platform/http/etag.js';
import { rowById } from '#platform/sql/row-query.js';
import {
  type SubscriptionRow,
  subscriptionRows,
  subscriptionView,
} from '../read-models/subscription-details/subscription-details.query.js';

/** Answers a command with its subscription as it then is, read in the transaction of the command. */
export const answerWithSubscription =
  (status: 200 | 201) =>
  async (sql: Sql, { streamId, version }: Outcome): Promise<Answer> => {
    const row = await rowById<SubscriptionRow>(sql, subscriptionRows, streamId);
    const location: Record<string, string> = status === 201 ? { Location: `/v1/subscriptions/${streamId}` } : {};
    return { status, headers: { ETag: etagOf(version), ...location }, body: subscriptionView(row!) };
  };
