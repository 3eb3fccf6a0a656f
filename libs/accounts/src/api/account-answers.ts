import type { CommandMeta } from '#event-sourcing/command.js';
import type { Sql } from '#event-sourcing/sql.js';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import { etagOf } from '#platform/http/etag.js';
import { writtenAccount } from '../read-models/account-details/account-details.query.js';
import { writtenPaymentMethods } from '../read-models/payment-method/payment-method.query.js';
import { accountResource } from './account-resource.js';

type Answering = NonNullable<CommandMeta['answer']>;

/** The account as the command has left it, read in the command's own transaction. */
export function answerWithAccount(accountId: AccountId, status: 200 | 201): Answering {
  return async (sql, { version }) => {
    const account = await writtenAccount(sql, accountId);
    const body = accountResource(account, await writtenPaymentMethods(sql, account));
    return { status, headers: status === 201 ? created(version, `/v1/accounts/${accountId}`) : { ETag: etagOf(version) }, body };
  };
}

/** The payment method as the command has left it. Its ETag is the account's, since it changes with the account. */
export function answerWithPaymentMethod(accountId: AccountId, paymentMethodId: PaymentMethodId, status: 200 | 201): Answering {
  return async (sql, { version }) => {
    const body = await paymentMethodIn(sql, accountId, paymentMethodId);
    const location = `/v1/accounts/${accountId}/payment-methods/${paymentMethodId}`;
    return { status, headers: status === 201 ? created(version, location) : { ETag: etagOf(version) }, body };
  };
}

export const answerWithNothing: Answering = async (_sql, { version }) => ({
  status: 204,
  headers: { ETag: etagOf(version) },
  body: undefined,
});

async function paymentMethodIn(sql: Sql, accountId: AccountId, paymentMethodId: PaymentMethodId) {
  const methods = await writtenPaymentMethods(sql, await writtenAccount(sql, accountId));
  return methods.find(({ id }) => id === paymentMethodId);
}

function created(version: number, location: string) {
  return { ETag: etagOf(version), Location: location };
}
