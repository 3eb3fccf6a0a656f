import { ObjectType } from '@nestjs/graphql';
import { ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import { bucketOf, type PlanId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, matching, type RowFilters, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import type { Offer } from '../../plan/plan.events.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { PriceView, priceView } from '../price-view.js';
import { planDetails } from './plan-details.projection.js';

@ObjectType('Interval')
@ApiSchema({ name: 'Interval' })
export class IntervalView {
  @Attribute.oneOf(intervalUnits, { enumName: 'IntervalUnit', example: 'month' })
  unit!: IntervalUnit;

  @Attribute.integer({ example: 1, description: 'Every so many units.' })
  count!: number;
}

/** A plan as REST and GraphQL show it, in its newest version or in the one that was asked for. */
@ObjectType('Plan')
@ApiSchema({ name: 'Plan' })
export class PlanView {
  @Attribute.id()
  id!: PlanId;

  @Attribute.text({ example: 'pro' })
  code!: string;

  @Attribute.text({ example: 'Pro' })
  name!: string;

  @Attribute.integer({ example: 1, description: 'Counted from 1. A version never changes.' })
  version!: number;

  @Attribute.flag({ description: 'Whether it takes new subscriptions.' })
  active!: boolean;

  @Attribute.object(() => IntervalView)
  interval!: IntervalView;

  @Attribute.integer({ example: 14 })
  trialDays!: number;

  @Attribute.list(() => PriceView)
  prices!: readonly PriceView[];

  @Attribute.metadata({ example: { tier: 'gold' } })
  metadata!: Readonly<Record<string, string>>;

  @Attribute.instant()
  createdAt!: Instant;

  @Attribute.instant({ description: 'When this version was.' })
  publishedAt!: Instant;
}

export const PlanConnection = connectionOf(PlanView, 'Plan');

/** Its `version` is that of its stream, the ETag. Retiring raises it too, so it is not the plan's version. */
export type PlanRow = RowOf<
  typeof planDetails,
  { id: PlanId; interval: Offer['interval']; prices: Offer['prices']; metadata: Offer['metadata'] }
>;

export const planRows = rowsOf(planDetails, 'created_at');

export const planPosition = (row: PlanRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

export interface PlanFilters {
  readonly active?: boolean;
  readonly code?: string;
  readonly codePrefix?: string;
  /** That all prices of the plan have. */
  readonly currency?: string;
  readonly intervalUnit?: string;
}

/** A code is an id in disguise, and the id is the key. */
export function planFilters({ active, code, codePrefix, currency, intervalUnit }: PlanFilters): RowFilters {
  const key = code === undefined ? {} : { bucket: bucketOf(planIdOf(code)), id: planIdOf(code) };
  return {
    ...key,
    active,
    code: matching((column, value) => `starts_with(${column}, ${value})`, codePrefix),
    prices: matching(
      (column, value) => `not exists (select from json_array_elements(${column}) p where p->'currencies'->${value}::text is null)`,
      currency,
    ),
    interval: matching((column, value) => `${column}->>'unit' = ${value}`, intervalUnit),
  };
}

export function planView(row: PlanRow): PlanView {
  return {
    id: row.id,
    code: row.code,
    name: row.name,
    version: row.plan_version,
    active: row.active,
    interval: row.interval,
    trialDays: row.trial_days,
    prices: row.prices.map(priceView),
    metadata: row.metadata,
    createdAt: instantOf(row.created_at),
    publishedAt: instantOf(row.published_at),
  };
}
