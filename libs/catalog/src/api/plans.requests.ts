import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { PlanId } from '#kernel/ids.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsLine } from '#platform/http/text-validators.js';
import { IsCurrencyCode, IsFlag, IsFlagText, IsId, IsMetadata, IsWhole, IsWholeText, ListOf, ObjectOf } from '#platform/http/validators.js';
import { IsPlanCode, PriceFields } from './price.requests.js';

export class IntervalFields {
  @ApiProperty({ enum: intervalUnits, example: 'month' })
  @IsChoice(intervalUnits)
  unit!: IntervalUnit;

  @ApiProperty({ type: 'integer', minimum: 1, example: 1, description: 'Every so many units, at most three years in all.' })
  @IsWhole({ min: 1, max: 1095 })
  count!: number;
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

  @ApiPropertyOptional({ type: String, example: 'pro-', description: 'How the code begins.' })
  @Optional()
  @IsPlanCode()
  codePrefix?: string;

  @ApiPropertyOptional({ type: String, example: 'EUR', description: 'That the plan can be subscribed to in.' })
  @Optional()
  @IsCurrencyCode()
  currency?: string;

  @ApiPropertyOptional({ enum: intervalUnits, example: 'month' })
  @Optional()
  @IsChoice(intervalUnits)
  interval?: IntervalUnit;
}

export class PlanClone {
  @ApiProperty({ type: String, example: 'pro-2027', description: 'Of the new plan.' })
  @IsPlanCode()
  code!: string;

  @ApiPropertyOptional({ type: String, example: 'Pro 2027', description: 'The same as before when not given.' })
  @Optional()
  @IsLine({ max: 200 })
  name?: string;
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
