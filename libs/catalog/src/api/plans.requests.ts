import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { PlanId } from '#kernel/ids.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { Nullable, Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsCode, IsLine } from '#platform/http/text-validators.js';
import {
  CurrencyMap,
  IsDecimalText,
  IsFlag,
  IsFlagText,
  IsId,
  IsMetadata,
  IsMoneyAmount,
  IsWhole,
  IsWholeText,
  ListOf,
  ObjectOf,
} from '#platform/http/validators.js';
import type { PriceKind, PricingModel } from '#pricing/price.js';
import { priceKinds, pricingModels } from '../read-models/plan-details/plan-details.query.js';

const IsPlanCode = () =>
  IsCode(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'This must be 1 to 64 letters, digits, dots, hyphens or underscores, beginning with a letter or digit.',
  );

export class IntervalFields {
  @ApiProperty({ enum: intervalUnits, example: 'month' })
  @IsChoice(intervalUnits)
  unit!: IntervalUnit;

  @ApiProperty({ type: 'integer', minimum: 1, example: 1, description: 'Every so many units, at most three years in all.' })
  @IsWhole({ min: 1, max: 1095 })
  count!: number;
}

export class FlatTermsFields {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2900, description: 'For the whole, in minor units.' })
  @IsMoneyAmount()
  amount!: number;
}

export class PerUnitTermsFields {
  @ApiProperty({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  @IsDecimalText()
  unitAmount!: string;
}

/** The terms of models that cannot be billed yet: read in no detail, since the price is refused for its model. */
class OtherTermsFields {
  @Allow() tiers?: unknown;
  @Allow() packageSize?: unknown;
  @Allow() packageAmount?: unknown;
  @Allow() unitAmount?: unknown;
  @Allow() amount?: unknown;
  @Allow() flatAmount?: unknown;
  @Allow() freeUnits?: unknown;
  @Allow() freeAmount?: unknown;
  @Allow() rate?: unknown;
  @Allow() fixedAmount?: unknown;
  @Allow() minimumAmount?: unknown;
  @Allow() maximumAmount?: unknown;
}

function termsOf({ model }: Readonly<Record<string, unknown>>): abstract new () => object {
  return model === 'flat' ? FlatTermsFields : model === 'perUnit' ? PerUnitTermsFields : OtherTermsFields;
}

@ApiExtraModels(FlatTermsFields, PerUnitTermsFields)
export class PriceFields {
  @ApiProperty({ type: String, example: 'base', description: 'Unique within the plan; invoice lines refer to it.' })
  @IsPlanCode()
  code!: string;

  @ApiPropertyOptional({ enum: [...priceKinds], default: 'recurring' })
  @Optional()
  @IsChoice(priceKinds)
  kind?: PriceKind;

  @ApiProperty({ enum: [...pricingModels], example: 'flat' })
  @IsChoice(pricingModels)
  model!: PricingModel;

  @ApiPropertyOptional({ enum: ['advance', 'arrears'], default: 'advance' })
  @Optional()
  @IsChoice(['advance', 'arrears'])
  billing?: 'advance' | 'arrears';

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'For prices of usage.' })
  @Optional()
  @Allow()
  meter?: unknown;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'txcd_10103001' })
  @Nullable()
  @IsLine({ max: 64 })
  taxCode?: string | null;

  @ApiPropertyOptional({ enum: ['exclusive', 'inclusive'], default: 'exclusive', description: 'Whether tax comes on top.' })
  @Optional()
  @IsChoice(['exclusive', 'inclusive'])
  taxBehavior?: 'exclusive' | 'inclusive';

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ $ref: getSchemaPath(FlatTermsFields) }, { $ref: getSchemaPath(PerUnitTermsFields) }] },
    example: { USD: { amount: 2900 }, EUR: { amount: 2700 } },
    description: 'By currency: `{ amount }` for flat prices, `{ unitAmount }` for prices per unit.',
  })
  @CurrencyMap(({ object }) => termsOf(object))
  currencies!: Map<string, object>;
}

export class NewPlan {
  @ApiProperty({ type: String, example: 'pro', description: 'Unique among all plans, retired ones too, and never changed.' })
  @IsPlanCode()
  code!: string;

  @ApiProperty({ type: String, example: 'Pro' })
  @IsLine({ max: 200 })
  name!: string;

  @ApiProperty({ type: IntervalFields })
  @ObjectOf(() => IntervalFields)
  interval!: IntervalFields;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 730, default: 0 })
  @Optional()
  @IsWhole({ min: 0, max: 730 })
  trialDays?: number;

  @ApiProperty({ type: [PriceFields] })
  @ListOf(() => PriceFields, { max: 50 })
  prices!: PriceFields[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { tier: 'gold' } })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class PlanChanges {
  @ApiPropertyOptional({ type: String, example: 'Pro' })
  @Optional()
  @IsLine({ max: 200 })
  name?: string;

  @ApiPropertyOptional({ type: IntervalFields })
  @Optional()
  @ObjectOf(() => IntervalFields)
  interval?: IntervalFields;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 730 })
  @Optional()
  @IsWhole({ min: 0, max: 730 })
  trialDays?: number;

  @ApiPropertyOptional({ type: [PriceFields], description: 'All of them: they replace those of the version before.' })
  @Optional()
  @ListOf(() => PriceFields, { max: 50 })
  prices?: PriceFields[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, description: 'Replaces what there was.' })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;

  @ApiPropertyOptional({ type: Boolean, description: 'False retires the plan: it takes no new subscriptions. That is no new version.' })
  @Optional()
  @IsFlag()
  active?: boolean;
}

export class PlanList extends PageRequest {
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @Optional()
  @IsFlagText()
  active?: 'true' | 'false';

  @ApiPropertyOptional({ type: String, example: 'pro' })
  @Optional()
  @IsPlanCode()
  code?: string;
}

export class PlanPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: PlanId;
}

export class PlanReading {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'The version to show; the newest when not given.' })
  @Optional()
  @IsWholeText({ min: 1, max: 999_999_999 })
  version?: string;
}
