import { ObjectType } from '@nestjs/graphql';
import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { bucketOf, type PlanId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, type RowFilters, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import type { Price, PriceKind, PricingModel } from '#pricing/price.js';
import type { Offer } from '../../plan/plan.events.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { planDetails } from './plan-details.projection.js';

export const priceKinds = ['recurring', 'usage', 'oneTime'] as const satisfies readonly PriceKind[];
export const pricingModels = [
  'flat',
  'perUnit',
  'graduated',
  'volume',
  'package',
  'stairStep',
  'percentage',
] as const satisfies readonly PricingModel[];

@ObjectType('Interval')
@ApiSchema({ name: 'Interval' })
export class IntervalView {
  @Attribute.oneOf(intervalUnits, { enumName: 'IntervalUnit', example: 'month' })
  unit!: IntervalUnit;

  @Attribute.integer({ example: 1, description: 'Every so many units.' })
  count!: number;
}

@ApiSchema({ name: 'FlatTerms' })
class FlatTermsView {
  @ApiProperty({ type: 'integer', example: 2900, description: 'For the whole, in minor units.' })
  amount!: number;
}

@ApiSchema({ name: 'PerUnitTerms' })
class PerUnitTermsView {
  @ApiProperty({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  unitAmount!: string;
}

@ObjectType('Price')
@ApiSchema({ name: 'Price' })
@ApiExtraModels(FlatTermsView, PerUnitTermsView)
export class PriceView {
  @Attribute.text({ example: 'base' })
  code!: string;

  @Attribute.oneOf(priceKinds, { enumName: 'PriceKind' })
  kind!: PriceKind;

  @Attribute.oneOf(pricingModels, { enumName: 'PricingModel' })
  model!: PricingModel;

  @Attribute.oneOf(['advance', 'arrears'], { enumName: 'PriceBilling' })
  billing!: 'advance' | 'arrears';

  @Attribute.text({ nullable: true, example: 'txcd_10103001' })
  taxCode!: string | null;

  @Attribute.oneOf(['exclusive', 'inclusive'], { enumName: 'TaxBehavior' })
  taxBehavior!: 'exclusive' | 'inclusive';

  /** As the catalog keeps them, in decimal strings. REST has them by currency, GraphQL, which knows no such object, as a list. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ $ref: getSchemaPath(FlatTermsView) }, { $ref: getSchemaPath(PerUnitTermsView) }] },
    example: { USD: { amount: 2900 } },
  })
  currencies!: Price['currencies'];
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

export interface PlanRow {
  id: PlanId;
  /** Of its stream: the ETag. Retiring raises it too, so it is not the plan's version. */
  version: string;
  code: string;
  name: string;
  plan_version: number;
  active: boolean;
  interval: Offer['interval'];
  trial_days: number;
  prices: Offer['prices'];
  metadata: Offer['metadata'];
  created_at: Date;
  published_at: Date;
}

export const planRows = rowsOf(planDetails, 'created_at');

export const planPosition = (row: PlanRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

/** A code is an id in disguise, and the id is the key. */
export function planFilters({ active, code }: { readonly active?: boolean; readonly code?: string }): RowFilters {
  if (code === undefined) return { active };
  const id = planIdOf(code);
  return { bucket: bucketOf(id), id, active };
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
    prices: row.prices,
    metadata: row.metadata,
    createdAt: instantOf(row.created_at),
    publishedAt: instantOf(row.published_at),
  };
}
