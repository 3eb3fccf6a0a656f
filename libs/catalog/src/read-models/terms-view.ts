import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

// The terms of each pricing model as REST shows them: amounts are numbers, all other numbers decimal strings.

class PeriodLimitsView {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 1000, description: 'What the period costs at least, in minor units.' })
  periodMinimum?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 100000, description: 'What the period costs at most, in minor units.' })
  periodMaximum?: number;
}

@ApiSchema({ name: 'Tier' })
class TierView {
  @ApiProperty({ type: String, nullable: true, example: '100', description: 'The last quantity of the tier; null for the last one.' })
  upTo!: string | null;

  @ApiPropertyOptional({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  unitAmount?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 500,
    description: 'For the tier, in minor units; that of the first one also when nothing is used.',
  })
  flatAmount?: number;
}

@ApiSchema({ name: 'FlatTerms' })
class FlatTermsView extends PeriodLimitsView {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2900, description: 'For the whole, in minor units.' })
  amount!: number;
}

@ApiSchema({ name: 'PerUnitTerms' })
class PerUnitTermsView extends PeriodLimitsView {
  @ApiProperty({ type: String, example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  unitAmount!: string;

  @ApiPropertyOptional({ type: String, example: '10', description: 'So many units are free.' })
  freeUnits?: string;
}

@ApiSchema({ name: 'TieredTerms' })
class TieredTermsView extends PeriodLimitsView {
  @ApiProperty({ type: [TierView], description: 'Ascending by `upTo`; the last one is open.' })
  tiers!: TierView[];
}

@ApiSchema({ name: 'PackageTerms' })
class PackageTermsView extends PeriodLimitsView {
  @ApiProperty({ type: String, example: '100', description: 'Units in a package; a started one is charged whole.' })
  packageSize!: string;

  @ApiProperty({ type: 'integer', minimum: 0, example: 500, description: 'Of one package, in minor units.' })
  packageAmount!: number;

  @ApiPropertyOptional({ type: String, example: '10', description: 'So many units are free.' })
  freeUnits?: string;
}

@ApiSchema({ name: 'PercentageTerms' })
class PercentageTermsView extends PeriodLimitsView {
  @ApiProperty({ type: String, example: '2.9', description: 'A percentage of the amount of each event.' })
  rate!: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 30, description: 'Of each event that is charged, in minor units.' })
  fixedAmount?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 50, description: 'That an event is charged at least, in minor units.' })
  minimumAmount?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, example: 2000, description: 'That an event is charged at most, in minor units.' })
  maximumAmount?: number;

  @ApiPropertyOptional({ type: String, example: '3', description: 'So many events are free.' })
  freeUnits?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    example: 10000,
    description: 'So much of the amount of all events is free, in minor units.',
  })
  freeAmount?: number;
}

export const termsViews = [FlatTermsView, PerUnitTermsView, TieredTermsView, PackageTermsView, PercentageTermsView] as const;
