import { ObjectType } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { Anchor } from '#kernel/anchor.js';
import type { AccountId, InvoiceId, PlanId, SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import type { Item } from '../../subscription/subscription.events.js';
import type { AccountHold } from '../account-terms/account-hold.query.js';
import { subscriptionDetails } from './subscription-details.projection.js';

export const subscriptionStatuses = ['trialing', 'active', 'past_due', 'paused', 'canceled'] as const;

/** The local time and zone that the billing days follow from. */
@ObjectType('BillingAnchor')
@ApiSchema({ name: 'BillingAnchor' })
export class AnchorView {
  @Attribute.text({ example: '2026-01-31T10:00:00.000' })
  local!: string;

  @Attribute.text({ example: 'America/New_York' })
  timeZone!: string;

  @Attribute.integer({ nullable: true, description: 'The chosen day of the month, where one was chosen.' })
  anchorDay!: number | null;
}

@ObjectType('SubscriptionItem')
@ApiSchema({ name: 'SubscriptionItem' })
export class ItemView {
  @Attribute.text({ example: 'seats' })
  priceCode!: string;

  @Attribute.text({ example: '3', description: 'An exact decimal.' })
  quantity!: string;
}

/** A subscription as REST and GraphQL show it. GraphQL keeps the name `Subscription` for the root of its live operations. */
@ObjectType('BillingSubscription')
@ApiSchema({ name: 'Subscription' })
export class SubscriptionView {
  @Attribute.id()
  id!: SubscriptionId;

  @Attribute.id()
  accountId!: AccountId;

  @Attribute.id()
  planId!: PlanId;

  @Attribute.integer({ example: 1, description: 'The version of the plan that was agreed to.' })
  planVersion!: number;

  @Attribute.oneOf(subscriptionStatuses, { enumName: 'SubscriptionStatus' })
  status!: string;

  @Attribute.integer({ example: 1, description: 'Seats: of the first price that takes a quantity; 1 where none does.' })
  quantity!: number;

  @Attribute.list(() => ItemView, { description: 'Every price that takes a quantity, with how many are subscribed to.' })
  items!: readonly ItemView[];

  @Attribute.text({ example: 'USD' })
  currency!: string;

  @Attribute.instant()
  startedAt!: Instant;

  @Attribute.instant()
  currentPeriodStart!: Instant;

  @Attribute.instant({ nullable: true })
  currentPeriodEnd!: Instant | null;

  @Attribute.instant({ nullable: true })
  trialEnd!: Instant | null;

  @Attribute.object(() => AnchorView, { nullable: true, description: 'Null while on trial: billing has not begun.' })
  anchor!: AnchorView | null;

  @Attribute.flag()
  cancelAtPeriodEnd!: boolean;

  @Attribute.instant({ nullable: true, description: 'When a cancellation takes, or took, effect.' })
  endsAt!: Instant | null;

  @Attribute.instant({ nullable: true })
  canceledAt!: Instant | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'A change that waits for the end of the period.',
  })
  scheduledChange!: object | null;

  @Attribute.instant({ nullable: true })
  pausedAt!: Instant | null;

  @Attribute.instant({ nullable: true })
  pauseResumesAt!: Instant | null;

  @Attribute.id({ nullable: true })
  latestInvoiceId!: InvoiceId | null;

  @Attribute.text({ nullable: true, example: 'order-4711', description: "The id that the seller's own system has for it." })
  externalId!: string | null;

  /** In GraphQL it is a field of its own, read where it is asked for. */
  @ApiProperty({
    type: 'object',
    nullable: true,
    additionalProperties: false,
    required: ['reason', 'since'],
    properties: {
      reason: { type: 'string', example: 'too_many_invoices' },
      since: { type: 'string', format: 'date-time', example: '2026-01-31T10:00:00.000Z' },
    },
    description: 'The billing of its account stands still: nothing is charged until the account is released.',
  })
  hold?: AccountHold | null;

  @Attribute.metadata({ example: { team: 'blue' } })
  metadata!: Readonly<Record<string, string>>;

  @Attribute.instant()
  createdAt!: Instant;
}

export const SubscriptionConnection = connectionOf(SubscriptionView, 'Subscription');

export type SubscriptionRow = RowOf<
  typeof subscriptionDetails,
  {
    id: SubscriptionId;
    account_id: AccountId;
    plan_id: PlanId;
    items: readonly Item[];
    anchor: Anchor;
    latest_invoice_id: InvoiceId;
    metadata: Record<string, string>;
  }
>;

export const subscriptionRows = rowsOf(subscriptionDetails, 'created_at');

export const subscriptionPosition = (row: SubscriptionRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

export function subscriptionView(row: SubscriptionRow): SubscriptionView {
  return {
    id: row.id,
    accountId: row.account_id,
    planId: row.plan_id,
    planVersion: row.plan_version,
    status: row.status,
    quantity: Number(row.items[0]?.quantity ?? 1),
    items: row.items,
    currency: row.currency,
    startedAt: instantOf(row.started_at),
    currentPeriodStart: instantOf(row.current_period_start),
    currentPeriodEnd: instantOf(row.current_period_end),
    trialEnd: instantOf(row.trial_end),
    anchor: row.anchor && { local: row.anchor.local, timeZone: row.anchor.timeZone, anchorDay: row.anchor.anchorDay ?? null },
    cancelAtPeriodEnd: row.cancel_at_period_end,
    endsAt: instantOf(row.ends_at),
    canceledAt: instantOf(row.canceled_at),
    scheduledChange: null,
    pausedAt: null,
    pauseResumesAt: null,
    latestInvoiceId: row.latest_invoice_id,
    externalId: row.external_id,
    metadata: row.metadata,
    createdAt: instantOf(row.created_at),
  };
}
