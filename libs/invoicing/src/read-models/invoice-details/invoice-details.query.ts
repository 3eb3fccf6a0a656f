import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import type { InvoiceLine } from '../../invoice/invoice.events.js';
import { invoiceDetails } from './invoice-details.projection.js';

const storedLines = fieldsOf<readonly InvoiceLine[]>()({ money: ['[].amount', '[].taxes[].amount'] });

export const invoiceStatuses = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;

@ObjectType('Period')
@ApiSchema({ name: 'Period' })
export class PeriodView {
  @Attribute.instant()
  start!: Instant;

  @Attribute.instant({ description: 'Not in the period any more.' })
  end!: Instant;
}

@ObjectType('Proration')
@ApiSchema({ name: 'Proration' })
export class ProrationView {
  @Attribute.text({ example: '17' })
  numerator!: string;

  @Attribute.text({ example: '30' })
  denominator!: string;

  @Attribute.oneOf(['day', 'second'], { enumName: 'ProrationUnit' })
  unit!: string;
}

@ObjectType('LineTax')
@ApiSchema({ name: 'LineTax' })
export class LineTaxView {
  @Attribute.text({ example: '19', description: 'In percent.' })
  rate!: string;

  @Attribute.text({ example: 'DE' })
  jurisdiction!: string;

  @Attribute.money()
  amount!: Money;

  @Attribute.text({ nullable: true })
  note!: string | null;
}

@ObjectType('InvoiceLine')
@ApiSchema({ name: 'InvoiceLine' })
export class InvoiceLineView {
  @Attribute.id()
  id!: string;

  @Attribute.text()
  description!: string;

  @Attribute.oneOf(['recurring', 'usage', 'oneTime'], { enumName: 'PriceKind' })
  kind!: string;

  @Attribute.text({ example: 'base' })
  priceCode!: string;

  @Attribute.text({ example: '3', description: 'An exact decimal.' })
  quantity!: string;

  @Attribute.text({ nullable: true, example: '1250.5', description: 'The exact price of one unit, in minor units.' })
  unitAmount!: string | null;

  @Attribute.money()
  amount!: Money;

  @Attribute.object(() => PeriodView)
  period!: PeriodView;

  @Attribute.object(() => ProrationView, { nullable: true })
  proration!: ProrationView | null;

  @Attribute.list(() => LineTaxView)
  taxes!: readonly LineTaxView[];
}

/** An invoice as REST and GraphQL show it. */
@ObjectType('Invoice')
@ApiSchema({ name: 'Invoice' })
export class InvoiceView {
  @Attribute.id()
  id!: InvoiceId;

  @Attribute.text({ example: 'INV-2026-000001', description: 'Sequential without gaps within its prefix and year.' })
  number!: string;

  @Attribute.id()
  accountId!: AccountId;

  @Attribute.id()
  subscriptionId!: SubscriptionId;

  @Attribute.oneOf(invoiceStatuses, { enumName: 'InvoiceStatus' })
  status!: string;

  @Attribute.text({ example: 'USD' })
  currency!: string;

  @Attribute.money()
  subtotal!: Money;

  @Attribute.money()
  discount!: Money;

  @Attribute.money()
  tax!: Money;

  @Attribute.money()
  total!: Money;

  @Attribute.money()
  creditApplied!: Money;

  @Attribute.money({ description: 'What is still to be paid.' })
  amountDue!: Money;

  @Attribute.money()
  amountPaid!: Money;

  @Attribute.instant()
  issuedAt!: Instant;

  @Attribute.instant()
  dueAt!: Instant;

  @Attribute.instant({ nullable: true })
  paidAt!: Instant | null;

  @Attribute.list(() => InvoiceLineView)
  lines!: readonly InvoiceLineView[];

  @Attribute.id({ nullable: true, description: 'The invoice that this one adds late usage to.' })
  supplements!: InvoiceId | null;
}

export const InvoiceConnection = connectionOf(InvoiceView, 'Invoice');

export interface InvoiceRow {
  id: InvoiceId;
  version: string;
  number: string;
  account_id: AccountId;
  subscription_id: SubscriptionId;
  status: string;
  currency: Currency;
  subtotal_amount: string;
  discount_amount: string;
  tax_amount: string;
  total_amount: string;
  credit_applied_amount: string;
  due_amount: string;
  paid_amount: string;
  issued_at: Date;
  due_at: Date;
  paid_at: Date | null;
  lines: object;
}

export const invoiceRows = rowsOf(invoiceDetails, 'issued_at');

export const invoicePosition = (row: InvoiceRow): Position => ({ createdAt: instantOf(row.issued_at), id: row.id });

export function invoiceView(row: InvoiceRow): InvoiceView {
  const money = (amount: string): Money => Money.of(BigInt(amount), row.currency);
  return {
    id: row.id,
    number: row.number,
    accountId: row.account_id,
    subscriptionId: row.subscription_id,
    status: row.status,
    currency: row.currency,
    subtotal: money(row.subtotal_amount),
    discount: money(row.discount_amount),
    tax: money(row.tax_amount),
    total: money(row.total_amount),
    creditApplied: money(row.credit_applied_amount),
    amountDue: money(row.due_amount),
    amountPaid: money(row.paid_amount),
    issuedAt: instantOf(row.issued_at),
    dueAt: instantOf(row.due_at),
    paidAt: instantOf(row.paid_at),
    lines: storedLines.revive(row.lines).map(lineView),
    supplements: null,
  };
}

function lineView({
  id,
  description,
  kind,
  priceCode,
  quantity,
  unitAmount,
  amount,
  period,
  proration,
  taxes,
}: InvoiceLine): InvoiceLineView {
  return { id, description, kind, priceCode, quantity, unitAmount, amount, period, proration, taxes };
}
