import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId, PaymentId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import { paymentDetails } from './payment-details.projection.js';

export const paymentStatuses = ['pending', 'processing', 'succeeded', 'failed', 'unknown', 'refunded', 'partially_refunded'] as const;

@ObjectType('PaymentFailure')
@ApiSchema({ name: 'PaymentFailure' })
export class PaymentFailureView {
  @Attribute.text({ example: 'insufficient_funds', description: 'The decline code of the bank where there is one.' })
  code!: string;

  @Attribute.text({ example: 'Your card has insufficient funds.' })
  message!: string;
}

/** One attempt to collect an invoice, as REST and GraphQL show it. */
@ObjectType('Payment')
@ApiSchema({ name: 'Payment' })
export class PaymentView {
  @Attribute.id()
  id!: PaymentId;

  @Attribute.id()
  invoiceId!: InvoiceId;

  @Attribute.id()
  accountId!: AccountId;

  @Attribute.money()
  amount!: Money;

  @Attribute.oneOf(paymentStatuses, { description: '`unknown`: the gateway has not told yet, and nothing else is attempted until it has.' })
  status!: string;

  @Attribute.integer({ example: 1, description: 'From 1, for each invoice.' })
  attempt!: number;

  @Attribute.object(() => PaymentFailureView, { nullable: true })
  failure!: PaymentFailureView | null;

  @Attribute.text({
    nullable: true,
    example: 'payment_does_not_fit',
    description: 'Why the invoice did not take the money of a successful payment: it is kept as credit of the customer.',
  })
  unapplied!: string | null;

  @Attribute.instant({ nullable: true, description: 'When the next attempt is made by itself.' })
  nextRetryAt!: Instant | null;

  @Attribute.instant()
  createdAt!: Instant;

  @Attribute.instant({ nullable: true, description: 'When it succeeded or failed.' })
  settledAt!: Instant | null;
}

export const PaymentConnection = connectionOf(PaymentView, 'Payment');

export type PaymentRow = RowOf<typeof paymentDetails, { id: PaymentId; invoice_id: InvoiceId; account_id: AccountId; currency: Currency }>;

export const paymentRows = rowsOf(paymentDetails, 'created_at');

export const paymentPosition = (row: PaymentRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

export function paymentView(row: PaymentRow): PaymentView {
  return {
    id: row.id,
    invoiceId: row.invoice_id,
    accountId: row.account_id,
    amount: Money.of(BigInt(row.amount), row.currency),
    status: row.status,
    attempt: row.attempt,
    failure: row.failure_code === null ? null : { code: row.failure_code, message: row.failure_message ?? '' },
    unapplied: row.unapplied,
    nextRetryAt: null,
    createdAt: instantOf(row.created_at),
    settledAt: instantOf(row.settled_at),
  };
}
