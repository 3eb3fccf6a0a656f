import { ObjectType } from '@nestjs/graphql';
import { ApiProperty, ApiSchema, type ApiSchemaOptions } from '@nestjs/swagger';
import type { Money } from '#kernel/money.js';
import { Attribute } from '#platform/views/attribute.js';

@ObjectType('QuotedPeriod')
@ApiSchema({ name: 'QuotedPeriod' })
class QuotedPeriodView {
  @Attribute.instant()
  start!: string;

  @Attribute.instant({ description: 'The first moment after it.' })
  end!: string;
}

/** REST has the numbers of a step beside its rule, GraphQL, which knows no such object, as a list. */
@ObjectType('QuoteStep')
@ApiSchema({ name: 'QuoteStep', additionalProperties: true } as ApiSchemaOptions)
export class QuoteStepView {
  @Attribute.text({ example: 'perUnit', description: 'The rule that was applied; its numbers stand beside it as decimal strings.' })
  rule!: string;

  @Attribute.text({ example: '3 × 9.00 USD = 27.00 USD.', description: 'The step in words.' })
  text!: string;
}

@ObjectType('QuoteExplanation')
@ApiSchema({ name: 'QuoteExplanation' })
class QuoteExplanationView {
  @Attribute.list(() => QuoteStepView, { description: 'From the terms to the amount; the last step is the rounding.' })
  steps!: QuoteStepView[];
}

@ObjectType('QuoteProration')
@ApiSchema({ name: 'QuoteProration' })
class QuoteProrationView {
  @Attribute.text({ example: '17' })
  numerator!: string;

  @Attribute.text({ example: '30' })
  denominator!: string;

  @Attribute.oneOf(['day', 'second'], { enumName: 'ProrationUnit' })
  unit!: 'day' | 'second';
}

@ObjectType('QuoteDiscount')
@ApiSchema({ name: 'QuoteDiscount' })
class QuoteDiscountView {
  @Attribute.money()
  amount!: Money;
}

@ObjectType('QuoteLine')
@ApiSchema({ name: 'QuoteLine' })
class QuoteLineView {
  @Attribute.text({ example: 'seats' })
  priceCode!: string;

  @Attribute.text({ example: 'Seats' })
  description!: string;

  @Attribute.text({ example: '3' })
  quantity!: string;

  @Attribute.text({ nullable: true, example: '900', description: 'Of one unit, in minor units, where the model has such a price.' })
  unitAmount!: string | null;

  @Attribute.money({ description: 'Before discounts; below zero for a reversal.' })
  amount!: Money;

  @Attribute.text({ example: '1643.333333333333', description: 'In minor units before it was rounded, to at most twelve places.' })
  exactAmount!: string;

  @Attribute.object(() => QuotedPeriodView)
  period!: QuotedPeriodView;

  @Attribute.object(() => QuoteProrationView, { nullable: true })
  proration!: QuoteProrationView | null;

  @Attribute.flag({ description: 'Takes back a part of what was billed.' })
  reversal!: boolean;

  @Attribute.list(() => QuoteDiscountView, { description: 'Taken off; above zero.' })
  discounts!: QuoteDiscountView[];

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'None yet.' })
  taxes!: never[];

  @Attribute.object(() => QuoteExplanationView)
  explanation!: QuoteExplanationView;
}

@ObjectType('Quote')
@ApiSchema({ name: 'Quote' })
export class QuoteView {
  @Attribute.list(() => QuoteLineView)
  lines!: QuoteLineView[];

  @Attribute.money()
  subtotal!: Money;

  @Attribute.money()
  discount!: Money;

  @Attribute.money()
  tax!: Money;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'None yet.' })
  taxes!: never[];

  @Attribute.money({ description: 'Below zero where a change credits more than it charges.' })
  total!: Money;
}
