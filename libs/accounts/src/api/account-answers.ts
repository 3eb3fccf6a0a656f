import type { CommandMeta } from '#event-sourcing/command.js';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import { etagOf } from '#platform/http/etag.js';
import { type Queryable, rowById } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import { type AccountRow, type AccountView, accountRows, accountView } from '../read-models/account-details/account-details.query.js';
import { paymentMethodsOf } from '../read-models/payment-method/payment-method.query.js';

type Answering = NonNullable<CommandMeta['answer']>;

/** The accounts with their payment methods, which are one query for all of them. */
export async function shownAccounts(sql: Queryable, rows: readonly AccountRow[]): Promise<AccountView[]> {
  const views = rows.map(accountView);
  const methods = await paymentMethodsOf(sql, views);
  return views.map((view, index) => ({ ...view, paymentMethods: methods[index]! }));
}

/** The account as the command has left it, read in the command's own transaction. */
export function answerWithAccount(accountId: AccountId, status: 200 | 201): Answering {
  return async (sql, { version }) => {
    const row = await rowById<AccountRow>(sql, accountRows, accountId);
    const [shown] = await shownAccounts(sql, [row!]);
    return {
      status,
      headers: status === 201 ? created(version, `/v1/accounts/${accountId}`) : { ETag: etagOf(version) },
      body: restForm(shown),
      person: accountId,
    };
  };
}

/** The payment method as the command has left it. Its ETag is the account's, since it changes with the account. */
export function answerWithPaymentMethod(accountId: AccountId, paymentMethodId: PaymentMethodId, status: 200 | 201): Answering {
  return async (sql, { version }) => {
    const row = await rowById<AccountRow>(sql, accountRows, accountId);
    const [methods] = await paymentMethodsOf(sql, [accountView(row!)]);
    const body = methods!.find(({ id }) => id === paymentMethodId);
    const location = `/v1/accounts/${accountId}/payment-methods/${paymentMethodId}`;
    return { status, headers: status === 201 ? created(version, location) : { ETag: etagOf(version) }, body, person: accountId };
  };
}

export const answerWithNothing: Answering = async (_sql, { version }) => ({
  status: 204,
  headers: { ETag: etagOf(version) },
  body: undefined,
});

function created(version: number, location: string) {
  return { ETag: etagOf(version), Location: location };
}
