import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import { fieldsOf } from '#event-sourcing/declared-fields.js';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, InvoiceId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import { documentKinds } from '#pricing/bill.js';
import type { DocumentTax, InvoiceLine } from '../../invoice/invoice.events.js';
import { invoiceDetails } from './invoice-details.projection.js';

const storedLines = fieldsOf<readonly InvoiceLine[]>()({ money: ['[].amount', '[].discounts[].amount', '[].net', '[].taxes[].amount'] });
const storedTaxes = fieldsOf<readonly DocumentTax[]>()({ money: ['[].amount', '[].base'] });

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

@ObjectType('DocumentTax')
@ApiSchema({ name: 'DocumentTax' })
export class DocumentTaxView extends LineTaxView {
  @Attribute.money({ description: 'The net amount that it is the tax of.' })
  base!: Money;
}

@ObjectType('LineDiscount')
@ApiSchema({ name: 'LineDiscount' })
export class LineDiscountView {
  @Attribute.text()
  name!: string;

  @Attribute.money({ description: 'What is taken off the line.' })
  amount!: Money;
}

@ObjectType('BillTo')
@ApiSchema({ name: 'BillTo' })
export class BillToView {
  @Attribute.id()
  accountId!: AccountId;

  @Attribute.integer({ description: 'The version of the particulars of the account that the invoice is made out to.' })
  particularsVersion!: number;
}

@ObjectType('InvoiceLine')
@ApiSchema({ name: 'InvoiceLine' })
export class InvoiceLineView {
  @Attribute.id()
  id!: string;

  @Attribute.id({ nullable: true, description: 'Null for what belongs to no subscription.' })
  subscriptionId!: SubscriptionId | null;

  @Attribute.text({ example: 'Pro – Seats' })
  description!: string;

  @Attribute.oneOf(['recurring', 'usage', 'oneTime'], { enumName: 'PriceKind' })
  kind!: string;

  @Attribute.text({ example: 'base', nullable: true, description: 'Null where no price is behind it.' })
  priceCode!: string | null;

  @Attribute.integer({ nullable: true, example: 1, description: 'The version of the plan that the price is from.' })
  planVersion!: number | null;

  @Attribute.text({ example: '3', description: 'An exact decimal.' })
  quantity!: string;

  @Attribute.text({
    nullable: true,
    example: '1250.5',
    description: 'The exact price of one unit, in minor units; null where the amount is not quantity times that.',
  })
  unitAmount!: string | null;

  @Attribute.money({ description: 'As priced: before discounts, and with tax where the price includes it.' })
  amount!: Money;

  @Attribute.text({ example: '1643.333333333333', description: 'In minor units before it was rounded, to twelve places.' })
  exactAmount!: string;

  @Attribute.object(() => PeriodView)
  period!: PeriodView;

  @Attribute.object(() => ProrationView, { nullable: true })
  proration!: ProrationView | null;

  @Attribute.id({ nullable: true, description: 'The line that this one takes back, wholly or in part.' })
  reversesLineId!: string | null;

  @Attribute.list(() => LineDiscountView)
  discounts!: readonly LineDiscountView[];

  @Attribute.list(() => LineTaxView)
  taxes!: readonly LineTaxView[];
}

/** An invoice as REST and GraphQL show it. */
@ObjectType('Invoice')
@ApiSchema({ name: 'Invoice' })
export class InvoiceView {
  @Attribute.id()
  id!: InvoiceId;

  @Attribute.text({
    example: 'INV-2026-000001',
    nullable: true,
    description: 'Sequential without gaps within its prefix and year; null while it is a draft.',
  })
  number!: string | null;

  @Attribute.oneOf(documentKinds, { enumName: 'InvoiceKind' })
  kind!: string;

  @Attribute.text({ example: 'period/3', description: 'What is billed, once: unique within the subscription, or the account.' })
  cause!: string;

  @Attribute.id()
  accountId!: AccountId;

  @Attribute.id({ nullable: true, description: 'Null where several subscriptions are billed, or none.' })
  subscriptionId!: SubscriptionId | null;

  @Attribute.object(() => BillToView)
  billTo!: BillToView;

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

  @Attribute.instant({ nullable: true, description: 'Null while it is a draft.' })
  issuedAt!: Instant | null;

  @Attribute.instant({ nullable: true })
  dueAt!: Instant | null;

  @Attribute.instant({ nullable: true })
  paidAt!: Instant | null;

  @Attribute.list(() => InvoiceLineView)
  lines!: readonly InvoiceLineView[];

  @Attribute.list(() => DocumentTaxView)
  taxes!: readonly DocumentTaxView[];

  @Attribute.id({ nullable: true, description: 'The invoice that this one adds late usage to; null where it billed none of that before.' })
  supplements!: InvoiceId | null;

  @Attribute.id({ nullable: true, description: 'The invoice that this one corrects.' })
  corrects!: InvoiceId | null;

  @Attribute.instant()
  createdAt!: Instant;
}

export const InvoiceConnection = connectionOf(InvoiceView, 'Invoice');

export type InvoiceRow = RowOf<
  typeof invoiceDetails,
  {
    id: InvoiceId;
    account_id: AccountId;
    subscription_id: SubscriptionId;
    currency: Currency;
    bill_to: BillToView;
    taxes: object;
    supplements: InvoiceId;
    corrects: InvoiceId;
    lines: object;
  }
>;

export const invoiceRows = rowsOf(invoiceDetails, 'created_at');

export const invoicePosition = (row: InvoiceRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

export function invoiceView(row: InvoiceRow): InvoiceView {
  const money = (amount: string): Money => Money.of(BigInt(amount), row.currency);
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    cause: row.cause,
    accountId: row.account_id,
    subscriptionId: row.subscription_id,
    billTo: row.bill_to,
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
    taxes: storedTaxes.revive(row.taxes),
    supplements: row.supplements,
    corrects: row.corrects,
    createdAt: instantOf(row.created_at),
  };
}

/** What the tax is computed from stays inside: `net`, and the codes of the price. */
function lineView({ plan, net: _, taxCode: __, taxBehavior: ___, ...line }: InvoiceLine): InvoiceLineView {
  return { ...line, planVersion: plan?.version ?? null };
}
