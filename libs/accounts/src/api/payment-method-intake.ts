import { Inject, Injectable } from '@nestjs/common';
import { Database } from '#event-sourcing/sql.js';
import { type AccountId, hashedId, newId } from '#kernel/ids.js';
import type { Idempotency } from '#platform/http/idempotency.js';
import { rowById } from '#platform/sql/row-query.js';
import type { VerifiedPaymentMethod } from '../account/account.events.js';
import { accountClosed, accountNotFound } from '../account/account.refusals.js';
import { PaymentMethodVerification } from '../account/payment-method-verification.js';
import { type AccountRow, accountRows } from '../read-models/account-details/account-details.query.js';

/** Has the gateway look at a payment method, before any transaction begins. */
@Injectable()
export class PaymentMethodIntake {
  constructor(
    @Inject(PaymentMethodVerification) private readonly verification: PaymentMethodVerification,
    @Inject(Database) private readonly database: Database,
  ) {}

  /** Null for a repetition of the request that made the account: it is about to be answered as before. */
  async verifyForNew(
    accountId: AccountId,
    { token }: { readonly token: string },
    idempotency: Idempotency | undefined,
  ): Promise<VerifiedPaymentMethod | null> {
    if (idempotency && (await this.account(accountId))) return null;
    const pointer = '/paymentMethod/token';
    return this.verification.verify({ accountId, token, idempotencyKey: keyFor(token, idempotency), pointer });
  }

  async verifyFor(
    accountId: AccountId,
    { token }: { readonly token: string },
    idempotency: Idempotency | undefined,
  ): Promise<VerifiedPaymentMethod> {
    const account = await this.account(accountId);
    if (!account) throw accountNotFound(`There is no account ${accountId}.`);
    if (account.status === 'CLOSED') throw accountClosed(`The account ${accountId} is closed.`);
    return this.verification.verify({ accountId, token, idempotencyKey: keyFor(token, idempotency), pointer: '/token' });
  }

  private account(accountId: AccountId): Promise<AccountRow | undefined> {
    return rowById<AccountRow>(this.database, accountRows, accountId);
  }
}

/** The token is part of it: after a refusal the caller may repeat its key with another card, and no gateway takes that for the same request. */
function keyFor(token: string, idempotency: Idempotency | undefined): string {
  return idempotency ? hashedId(`payment-method/${idempotency.key}/${token}`) : newId();
}
