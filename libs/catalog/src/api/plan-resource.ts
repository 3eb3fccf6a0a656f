import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import type { Currency } from '#kernel/currency.js';
import type { FlatTerms, PerUnitTerms, Price } from '#pricing/price.js';
import type { PlanDetails } from '../read-models/plan-details/plan-details.js';
import type { PlanVersion } from '../read-models/plan-version/plan-version.js';
import { FlatTermsFields, IntervalFields, PerUnitTermsFields } from './plans.requests.js';

@ApiSchema({ name: 'Price' })
@ApiExtraModels(FlatTermsFields, PerUnitTermsFields)
export class PriceResource {
  @ApiProperty({ type: String, example: 'base' })
  code!: string;

  @ApiProperty({ enum: ['recurring', 'usage', 'oneTime'] })
  kind!: string;

  @ApiProperty({ enum: ['flat', 'perUnit'] })
  model!: string;

  @ApiProperty({ enum: ['advance', 'arrears'] })
  billing!: string;

  @ApiProperty({ type: String, nullable: true })
  taxCode!: string | null;

  @ApiProperty({ enum: ['exclusive', 'inclusive'] })
  taxBehavior!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: [{ $ref: getSchemaPath(FlatTermsFields) }, { $ref: getSchemaPath(PerUnitTermsFields) }] },
    example: { USD: { amount: 2900 } },
  })
  currencies!: Partial<Record<Currency, FlatTermsFields | PerUnitTermsFields>>;
}

@ApiSchema({ name: 'Plan' })
export class PlanResource {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, example: 'pro' })
  code!: string;

  @ApiProperty({ type: String, example: 'Pro' })
  name!: string;

  @ApiProperty({ type: 'integer', example: 1, description: 'Counted from 1. A version never changes.' })
  version!: number;

  @ApiProperty({ type: Boolean, description: 'Whether it takes new subscriptions.' })
  active!: boolean;

  @ApiProperty({ type: IntervalFields })
  interval!: IntervalFields;

  @ApiProperty({ type: 'integer', example: 14 })
  trialDays!: number;

  @ApiProperty({ type: [PriceResource] })
  prices!: readonly PriceResource[];

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  metadata!: Readonly<Record<string, string>>;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When this version was.' })
  publishedAt!: string;
}

/** A plan as REST answers it. */
export function planResource({ streamVersion: _, ...plan }: PlanDetails): PlanResource {
  return { ...plan, prices: plan.prices.map(priceResource) };
}

/** The same plan in one of its versions. */
export function inVersion(
  plan: PlanDetails,
  { version, name, interval, trialDays, prices, metadata, publishedAt }: PlanVersion,
): PlanDetails {
  return { ...plan, version, name, interval, trialDays, prices, metadata, publishedAt };
}

function priceResource(price: Price): PriceResource {
  const terms = Object.entries(price.currencies).map(([currency, given]) => [currency, termsResource(price, given)]);
  return { ...price, currencies: Object.fromEntries(terms) };
}

function termsResource({ model }: Price, terms: FlatTerms | PerUnitTerms): FlatTermsFields | PerUnitTermsFields {
  // A flat amount came as a number that is exact, so it can leave as one.
  return model === 'flat' ? { amount: Number((terms as FlatTerms).amount) } : { unitAmount: (terms as PerUnitTerms).unitAmount };
}
