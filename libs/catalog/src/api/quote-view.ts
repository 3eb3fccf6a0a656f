import { ApiProperty, ApiSchema, type ApiSchemaOptions } from '@nestjs/swagger';
import type { Money } from '#kernel/money.js';
import { MoneyView } from '#platform/views/money-view.js';

@ApiSchema({ name: 'QuotedPeriod' })
class QuotedPeriodView {
  @ApiProperty({ type: String, format: 'date-time' })
  start!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'The first moment after it.' })
  end!: string;
}

@ApiSchema({ name: 'QuoteStep', additionalProperties: true } as ApiSchemaOptions)
class QuoteStepView {
  @ApiProperty({
    type: String,
    example: 'perUnit',
    description: 'The rule that was applied; its numbers stand beside it as decimal strings.',
  })
  rule!: string;

  @ApiProperty({ type: String, example: '3 × 9.00 USD = 27.00 USD.', description: 'The step in words.' })
  text!: string;
}

@ApiSchema({ name: 'QuoteExplanation' })
class QuoteExplanationView {
  @ApiProperty({ type: [QuoteStepView], description: 'From the terms to the amount; the last step is the rounding.' })
  steps!: QuoteStepView[];
}

@ApiSchema({ name: 'QuoteProration' })
class QuoteProrationView {
  @ApiProperty({ type: String, example: '17' })
  numerator!: string;

  @ApiProperty({ type: String, example: '30' })
  denominator!: string;

  @ApiProperty({ enum: ['day', 'second'] })
  unit!: 'day' | 'second';
}

@ApiSchema({ name: 'QuoteDiscount' })
class QuoteDiscountView {
  @ApiProperty({ type: MoneyView })
  amount!: Money;
}

@ApiSchema({ name: 'QuoteLine' })
class QuoteLineView {
  @ApiProperty({ type: String, example: 'seats' })
  priceCode!: string;

  @ApiProperty({ type: String, example: 'Seats' })
  description!: string;

  @ApiProperty({ type: String, example: '3' })
  quantity!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '900',
    description: 'Of one unit, in minor units, where the model has such a price.',
  })
  unitAmount!: string | null;

  @ApiProperty({ type: MoneyView, description: 'Before discounts; below zero for a reversal.' })
  amount!: Money;

  @ApiProperty({
    type: String,
    example: '1643.333333333333',
    description: 'In minor units before it was rounded, to at most twelve places.',
  })
  exactAmount!: string;

  @ApiProperty({ type: QuotedPeriodView })
  period!: QuotedPeriodView;

  @ApiProperty({ type: QuoteProrationView, nullable: true })
  proration!: QuoteProrationView | null;

  @ApiProperty({ type: Boolean, description: 'Takes back a part of what was billed.' })
  reversal!: boolean;

  @ApiProperty({ type: [QuoteDiscountView], description: 'Taken off; above zero.' })
  discounts!: QuoteDiscountView[];

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'None yet.' })
  taxes!: never[];

  @ApiProperty({ type: QuoteExplanationView })
  explanation!: QuoteExplanationView;
}

@ApiSchema({ name: 'Quote' })
export class QuoteView {
  @ApiProperty({ type: [QuoteLineView] })
  lines!: QuoteLineView[];

  @ApiProperty({ type: MoneyView })
  subtotal!: Money;

  @ApiProperty({ type: MoneyView })
  discount!: Money;

  @ApiProperty({ type: MoneyView })
  tax!: Money;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'None yet.' })
  taxes!: never[];

  @ApiProperty({ type: MoneyView, description: 'Below zero where a change credits more than it charges.' })
  total!: Money;
}
