import { ObjectType } from '@nestjs/graphql';
import { ApiExtraModels, ApiProperty, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { Attribute } from '#platform/views/attribute.js';
import { type Aggregation, aggregations, type Meter, type MeterFilter } from '#pricing/meter.js';
import type { BilledAt, Price, PriceKind, PricingModel } from '#pricing/price.js';
import { termsViews } from './terms-view.js';

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
export const billedAtMoments = ['start', 'trialEnd'] as const satisfies readonly BilledAt[];

@ObjectType('Meter')
@ApiSchema({ name: 'Meter' })
export class MeterView {
  @Attribute.text({ example: 'api_calls' })
  metric!: string;

  @Attribute.oneOf(aggregations, { enumName: 'Aggregation', example: 'sum' })
  aggregation!: Aggregation;

  @Attribute.text({ nullable: true, description: 'The property that is read; without it, the quantity of the event.' })
  property!: string | null;

  /** REST has it as an object, GraphQL, which knows no such object, as a list. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'string' } },
    nullable: true,
    example: { region: ['eu', 'us'] },
    description: 'Only events are counted of which each named property is one of its texts; every one where it is null.',
  })
  filter!: MeterFilter | null;
}

@ObjectType('Price')
@ApiSchema({ name: 'Price' })
@ApiExtraModels(...termsViews)
export class PriceView {
  @Attribute.text({ example: 'base' })
  code!: string;

  @Attribute.text({ nullable: true, example: 'Seats', description: 'In words a customer knows; where there is none, the plan has them.' })
  name!: string | null;

  @Attribute.oneOf(priceKinds, { enumName: 'PriceKind' })
  kind!: PriceKind;

  @Attribute.oneOf(pricingModels, { enumName: 'PricingModel' })
  model!: PricingModel;

  @Attribute.oneOf(['advance', 'arrears'], { enumName: 'PriceBilling' })
  billing!: 'advance' | 'arrears';

  @Attribute.oneOf(billedAtMoments, { enumName: 'BilledAt', nullable: true, description: 'Of what is charged once.' })
  billedAt!: BilledAt | null;

  @Attribute.object(() => MeterView, { nullable: true, description: 'Of usage.' })
  meter!: MeterView | null;

  @Attribute.text({ nullable: true, example: 'txcd_10103001' })
  taxCode!: string | null;

  @Attribute.oneOf(['exclusive', 'inclusive'], { enumName: 'TaxBehavior' })
  taxBehavior!: 'exclusive' | 'inclusive';

  /** As the catalog keeps them, in decimal strings. REST has them by currency, GraphQL, which knows no such object, as a list. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { oneOf: termsViews.map((view) => ({ $ref: getSchemaPath(view) })) },
    example: { USD: { amount: 2900 } },
  })
  currencies!: Price['currencies'];
}

/** A price with all its fields, so that whoever reads it need not know which of them its kind has. */
export function priceView({ name, billedAt, meter, ...price }: Price): PriceView {
  return { ...price, name: name ?? null, billedAt: billedAt ?? null, meter: meter ? meterView(meter) : null };
}

function meterView({ metric, aggregation, property, filter }: Meter): MeterView {
  return { metric, aggregation, property: property ?? null, filter: filter ?? null };
}
