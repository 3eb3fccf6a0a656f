import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { Optional } from '#platform/http/field-rule.js';
import { IsDecimalText, IsMoneyAmount, ListOf } from '#platform/http/validators.js';
import type { PricingModel } from '#pricing/price.js';

class PeriodLimitsFields {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 1000, description: 'What the period costs at least, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  periodMinimum?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 100000, description: 'What the period costs at most, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  periodMaximum?: number;
}

export class TierFields {
  @ApiProperty({ type: String, nullable: true, example: '100', description: 'The last quantity of the tier; null for the last one.' })
  @ValidateIf((tier: TierFields) => tier.upTo !== null)
  @IsDecimalText({ sign: 'positive' })
  upTo!: string | null;

  @ApiPropertyOptional({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  @Optional()
  @IsDecimalText()
  unitAmount?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 500,
    description: 'For the tier, in minor units; that of the first one also when nothing is used.',
  })
  @Optional()
  @IsMoneyAmount()
  flatAmount?: number;
}

class FlatTermsFields extends PeriodLimitsFields {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2900, description: 'For the whole, in minor units.' })
  @IsMoneyAmount()
  amount!: number;
}

class PerUnitTermsFields extends PeriodLimitsFields {
  @ApiProperty({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  @IsDecimalText()
  unitAmount!: string;

  @ApiPropertyOptional({ type: String, example: '10', description: 'So many units are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;
}

class TieredTermsFields extends PeriodLimitsFields {
  @ApiProperty({ type: [TierFields], description: 'Ascending by `upTo`; the last one is open.' })
  @ListOf(() => TierFields, { max: 100 })
  tiers!: TierFields[];
}

class PackageTermsFields extends PeriodLimitsFields {
  @ApiProperty({ type: String, example: '100', description: 'Units in a package; a started one is charged whole.' })
  @IsDecimalText({ sign: 'positive' })
  packageSize!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 500, description: 'Of one package, in minor units.' })
  @IsMoneyAmount()
  packageAmount!: number;

  @ApiPropertyOptional({ type: String, example: '10', description: 'So many units are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;
}

class PercentageTermsFields extends PeriodLimitsFields {
  @ApiProperty({ type: String, example: '2.9', description: 'A percentage of the amount of each event.' })
  @IsDecimalText()
  rate!: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 30, description: 'Of each event that is charged, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  fixedAmount?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 50, description: 'That an event is charged at least, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  minimumAmount?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 2000, description: 'That an event is charged at most, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  maximumAmount?: number;

  @ApiPropertyOptional({ type: String, example: '3', description: 'So many events are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 10000,
    description: 'So much of the amount of all events is free, in minor units.',
  })
  @Optional()
  @IsMoneyAmount()
  freeAmount?: number;
}

/** The shape of the terms follows from the model, as it was given: anything else is answered at `model`. */
export const termsFields: Readonly<Record<PricingModel, abstract new () => object>> = {
  flat: FlatTermsFields,
  perUnit: PerUnitTermsFields,
  graduated: TieredTermsFields,
  volume: TieredTermsFields,
  stairStep: TieredTermsFields,
  package: PackageTermsFields,
  percentage: PercentageTermsFields,
};
