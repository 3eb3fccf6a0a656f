import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { PageWindow, Position } from '#platform/http/page.js';
import { instantOf, type Queryable, rowsOf, rowsOfParents } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import { MAX_PAYMENT_METHODS } from '../../account/account.policies.js';
import { paymentMethods } from './payment-method.projection.js';

/** A payment method as REST and GraphQL show it: the gateway keeps the number, we keep what a customer knows it by. */
@ObjectType('PaymentMethod')
@ApiSchema({ name: 'PaymentMethod' })
export class PaymentMethodView {
  @Attribute.id()
  id!: PaymentMethodId;

  @Attribute.text({ example: 'card' })
  type!: string;

  @Attribute.text({ nullable: true, example: 'visa' })
  brand!: string | null;

  @Attribute.text({ nullable: true, example: '4242', description: 'The last four digits. The number itself is never kept here.' })
  last4!: string | null;

  @Attribute.integer({ nullable: true, example: 12 })
  expMonth!: number | null;

  @Attribute.integer({ nullable: true, example: 2030 })
  expYear!: number | null;

  @Attribute.flag()
  isDefault!: boolean;

  @Attribute.instant()
  createdAt!: Instant;
}

type PaymentMethodRow = RowOf<typeof paymentMethods, { id: PaymentMethodId; account_id: AccountId }>;

/** What the methods are read for: the account says which of them is the default. */
export interface Owner {
  readonly id: AccountId;
  readonly defaultPaymentMethodId: PaymentMethodId | null;
}

const paymentMethodRows = rowsOf(paymentMethods, 'added_at');

/** There are so few of one account that all are read where no page is asked for. */
const all: PageWindow = { limit: MAX_PAYMENT_METHODS, fetch: MAX_PAYMENT_METHODS, after: null, filterHash: '' };

export const paymentMethodPosition = ({ createdAt, id }: PaymentMethodView): Position => ({ createdAt, id });

/** The methods of each of the accounts, newest first, in one query. */
export async function paymentMethodsOf(sql: Queryable, owners: readonly Owner[], window = all): Promise<PaymentMethodView[][]> {
  const ids = owners.map(({ id }) => id);
  const pages = await rowsOfParents<PaymentMethodRow>(sql, paymentMethodRows, 'account_id', ids, window);
  return pages.map((rows, index) => rows.map((row) => paymentMethodView(row, owners[index]!.defaultPaymentMethodId)));
}

function paymentMethodView(row: PaymentMethodRow, defaultId: PaymentMethodId | null): PaymentMethodView {
  return {
    id: row.id,
    type: row.type,
    brand: row.brand,
    last4: row.last4,
    expMonth: row.exp_month,
    expYear: row.exp_year,
    isDefault: row.id === defaultId,
    createdAt: instantOf(row.added_at),
  };
}
