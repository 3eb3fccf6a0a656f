import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import type { PlanId } from '#kernel/ids.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { PageRequest } from '#platform/http/page.js';
import { CurrencyMap, IsDecimalText, IsId, IsMetadata, IsMoneyAmount, ListOf } from '#platform/http/validators.js';
import type { PriceKind, PricingModel } from '#pricing/price.js';
import { priceKinds, pricingModels } from '../read-models/plan-details/plan-details.query.js';

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export class IntervalFields {
  @ApiProperty({ enum: intervalUnits, example: 'month' })
  @IsIn(intervalUnits)
  unit!: IntervalUnit;

  @ApiProperty({ type: 'integer', minimum: 1, example: 1, description: 'Every so many units, at most three years in all.' })
  @IsInt()
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

function termsOf({ model }: PriceFields): abstract new () => object {
  return model === 'flat' ? FlatTermsFields : model === 'perUnit' ? PerUnitTermsFields : OtherTermsFields;
}

@ApiExtraModels(FlatTermsFields, PerUnitTermsFields)
export class PriceFields {
  @ApiProperty({ type: String, example: 'base', description: 'Unique within the plan; invoice lines refer to it.' })
  @Matches(CODE)
  code!: string;

  @ApiPropertyOptional({ enum: [...priceKinds], default: 'recurring' })
  @IsOptional()
  @IsIn([...priceKinds])
  kind?: PriceKind;

  @ApiProperty({ enum: [...pricingModels], example: 'flat' })
  @IsIn([...pricingModels])
  model!: PricingModel;

  @ApiPropertyOptional({ enum: ['advance', 'arrears'], default: 'advance' })
  @IsOptional()
  @IsIn(['advance', 'arrears'])
  billing?: 'advance' | 'arrears';

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'For prices of usage.' })
  @IsOptional()
  @Allow()
  meter?: unknown;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'txcd_10103001' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  taxCode?: string | null;

  @ApiPropertyOptional({ enum: ['exclusive', 'inclusive'], default: 'exclusive', description: 'Whether tax comes on top.' })
  @IsOptional()
  @IsIn(['exclusive', 'inclusive'])
  taxBehavior?: 'exclusive' | 'inclusive';

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ $ref: getSchemaPath(FlatTermsFields) }, { $ref: getSchemaPath(PerUnitTermsFields) }] },
    example: { USD: { amount: 2900 }, EUR: { amount: 2700 } },
    description: 'By currency: `{ amount }` for flat prices, `{ unitAmount }` for prices per unit.',
  })
  @CurrencyMap(({ object }) => termsOf(object as PriceFields))
  currencies!: Map<string, object>;
}

export class NewPlan {
  @ApiProperty({ type: String, example: 'pro', description: 'Unique among all plans, retired ones too, and never changed.' })
  @Matches(CODE)
  code!: string;

  @ApiProperty({ type: String, example: 'Pro' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name!: string;

  @ApiProperty({ type: IntervalFields })
  @IsObject()
  @ValidateNested()
  @Type(() => IntervalFields)
  interval!: IntervalFields;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 730, default: 0 })
  @IsOptional()
  @IsInt()
  trialDays?: number;

  @ApiProperty({ type: [PriceFields] })
  @ArrayMaxSize(50)
  @ListOf(() => PriceFields)
  prices!: PriceFields[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, example: { tier: 'gold' } })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class PlanChanges {
  @ApiPropertyOptional({ type: String, example: 'Pro' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name?: string;

  @ApiPropertyOptional({ type: IntervalFields })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => IntervalFields)
  interval?: IntervalFields;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 730 })
  @IsOptional()
  @IsInt()
  trialDays?: number;

  @ApiPropertyOptional({ type: [PriceFields], description: 'All of them: they replace those of the version before.' })
  @IsOptional()
  @ArrayMaxSize(50)
  @ListOf(() => PriceFields)
  prices?: PriceFields[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, description: 'Replaces what there was.' })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string>;

  @ApiPropertyOptional({ type: Boolean, description: 'False retires the plan: it takes no new subscriptions. That is no new version.' })
  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

export class PlanList extends PageRequest {
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  active?: 'true' | 'false';

  @ApiPropertyOptional({ type: String, example: 'pro' })
  @IsOptional()
  @Matches(CODE)
  code?: string;
}

export class PlanPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: PlanId;
}

export class PlanReading {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'The version to show; the newest when not given.' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,8}$/)
  version?: string;
}
