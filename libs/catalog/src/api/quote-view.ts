import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Money } from '#kernel/money.js';
import { MoneyFields } from '#platform/http/money-fields.js';
import { PeriodFields } from './quotes.requests.js';

@ApiSchema({ name: 'QuoteStep' })
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
  @ApiProperty({ type: MoneyFields })
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

  @ApiProperty({ type: MoneyFields, description: 'Before discounts; below zero for a reversal.' })
  amount!: Money;

  @ApiProperty({
    type: String,
    example: '1643.333333333333',
    description: 'In minor units before it was rounded, to at most twelve places.',
  })
  exactAmount!: string;

  @ApiProperty({ type: PeriodFields })
  period!: PeriodFields;

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

  @ApiProperty({ type: MoneyFields })
  subtotal!: Money;

  @ApiProperty({ type: MoneyFields })
  discount!: Money;

  @ApiProperty({ type: MoneyFields })
  tax!: Money;

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'None yet.' })
  taxes!: never[];

  @ApiProperty({ type: MoneyFields, description: 'Below zero where a change credits more than it charges.' })
  total!: Money;
}
