import { ValidateIf } from 'class-validator';
import { Optional } from '#platform/http/field-rule.js';
import { IsDecimalText, IsMoneyAmount, ListOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import type { PricingModel } from '#pricing/price.js';

class PeriodLimitsFields {
  @Input({ example: 1000, description: 'What the period costs at least, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  periodMinimum?: number;

  @Input({ example: 100000, description: 'What the period costs at most, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  periodMaximum?: number;
}

export class TierFields {
  @Input({ example: '100', description: 'The last quantity of the tier; null for the last one.' })
  @ValidateIf((tier: TierFields) => tier.upTo !== null, { context: { nullable: true } })
  @IsDecimalText({ sign: 'positive' })
  upTo!: string | null;

  @Input({ example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  @Optional()
  @IsDecimalText()
  unitAmount?: string;

  @Input({ example: 500, description: 'For the tier, in minor units; that of the first one also when nothing is used.' })
  @Optional()
  @IsMoneyAmount()
  flatAmount?: number;
}

class FlatTermsFields extends PeriodLimitsFields {
  @Input({ example: 2900, description: 'For the whole, in minor units.' })
  @IsMoneyAmount()
  amount!: number;
}

class PerUnitTermsFields extends PeriodLimitsFields {
  @Input({ example: '0.25', description: 'Of one unit, in minor units: "0.25" is a quarter of a cent.' })
  @IsDecimalText()
  unitAmount!: string;

  @Input({ example: '10', description: 'So many units are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;
}

class TieredTermsFields extends PeriodLimitsFields {
  @Input({ description: 'Ascending by `upTo`; the last one is open.' })
  @ListOf(() => TierFields, { max: 100 })
  tiers!: TierFields[];
}

class PackageTermsFields extends PeriodLimitsFields {
  @Input({ example: '100', description: 'Units in a package; a started one is charged whole.' })
  @IsDecimalText({ sign: 'positive' })
  packageSize!: string;

  @Input({ example: 500, description: 'Of one package, in minor units.' })
  @IsMoneyAmount()
  packageAmount!: number;

  @Input({ example: '10', description: 'So many units are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;
}

class PercentageTermsFields extends PeriodLimitsFields {
  @Input({ example: '2.9', description: 'A percentage of the amount of each event.' })
  @IsDecimalText()
  rate!: string;

  @Input({ example: 30, description: 'Of each event that is charged, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  fixedAmount?: number;

  @Input({ example: 50, description: 'That an event is charged at least, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  minimumAmount?: number;

  @Input({ example: 2000, description: 'That an event is charged at most, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  maximumAmount?: number;

  @Input({ example: '3', description: 'So many events are free.' })
  @Optional()
  @IsDecimalText()
  freeUnits?: string;

  @Input({ example: 10000, description: 'So much of the amount of all events is free, in minor units.' })
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
