import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow } from 'class-validator';
import type { Currency } from '#kernel/currency.js';
import type { PlanId } from '#kernel/ids.js';
import { Optional } from '#platform/http/field-rule.js';
import { MoneyFields } from '#platform/http/money-fields.js';
import { IsChoice, IsLine } from '#platform/http/text-validators.js';
import { IsCurrencyCode, IsDecimalText, IsFlag, IsId, IsInstant, IsTimeZoneName, ListOf, ObjectOf } from '#platform/http/validators.js';
import { IsPlanCode, PriceFields } from './price.requests.js';

export class PeriodFields {
  @ApiProperty({ type: String, format: 'date-time', example: '2026-04-01T00:00:00Z' })
  @IsInstant()
  start!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-05-01T00:00:00Z', description: 'The first moment after it.' })
  @IsInstant()
  end!: string;
}

export class QuoteItemFields {
  @ApiPropertyOptional({ type: String, example: 'pro', description: 'A plan, in its newest version.' })
  @Optional()
  @IsPlanCode()
  planCode?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  planId?: PlanId;

  @ApiPropertyOptional({ type: PriceFields, description: 'Or a price of any model, whether a plan has it or not.' })
  @Optional()
  @ObjectOf(() => PriceFields)
  price?: PriceFields;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }],
    example: '3',
    description: 'For all prices that take one; 1 when not given.',
  })
  @Allow()
  quantity?: unknown;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }],
    example: '1250.5',
    description:
      'Of a price the quantity, or `{ events: [{ quantity, timestamp, properties? }] }`, which its meter counts. Of a plan an object: one of these for each metric.',
  })
  @Allow()
  usage?: unknown;
}

export class QuoteChangeFields {
  @ApiProperty({ type: String, format: 'date-time' })
  @IsInstant()
  at!: string;

  @ApiProperty({ type: [QuoteItemFields], description: 'None for a cancellation with credit.' })
  @ListOf(() => QuoteItemFields, { max: 50 })
  items!: QuoteItemFields[];
}

export class QuoteDiscountFields {
  @ApiPropertyOptional({ type: String, example: '20', description: 'A percentage.' })
  @Optional()
  @IsDecimalText({ sign: 'positive' })
  percentOff?: string;

  @ApiPropertyOptional({ type: MoneyFields })
  @Optional()
  @ObjectOf(() => MoneyFields)
  amountOff?: MoneyFields;

  @ApiPropertyOptional({ type: [String], description: 'Codes of prices; all when not given.' })
  @Allow()
  appliesTo?: unknown;
}

/** Whom it is for. No tax is computed yet, so nothing of it changes the quote. */
export class QuoteCustomerFields {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, example: 'DE' })
  @Optional()
  @IsLine({ max: 2 })
  country?: string;

  @ApiPropertyOptional({ type: String })
  @Optional()
  @IsLine({ max: 100 })
  region?: string;

  @ApiPropertyOptional({ type: String })
  @Optional()
  @IsLine({ max: 20 })
  postalCode?: string;

  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  @Allow()
  taxIds?: unknown;

  @ApiPropertyOptional({ type: Boolean })
  @Optional()
  @IsFlag()
  taxExempt?: boolean;
}

export class QuoteFields {
  @ApiProperty({ type: String, example: 'USD' })
  @IsCurrencyCode()
  currency!: Currency;

  @ApiPropertyOptional({ type: String, default: 'UTC', example: 'Europe/Berlin', description: 'Whose days are counted.' })
  @Optional()
  @IsTimeZoneName()
  timeZone?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Now when not given.' })
  @Optional()
  @IsInstant()
  at?: string;

  @ApiPropertyOptional({ type: QuoteCustomerFields })
  @Optional()
  @ObjectOf(() => QuoteCustomerFields)
  customer?: QuoteCustomerFields;

  @ApiPropertyOptional({
    type: PeriodFields,
    description: 'What recurring amounts are for; one interval of the plan from `at` when not given.',
  })
  @Optional()
  @ObjectOf(() => PeriodFields)
  period?: PeriodFields;

  @ApiPropertyOptional({ type: PeriodFields, description: 'The part of the period to price; all of it when not given.' })
  @Optional()
  @ObjectOf(() => PeriodFields)
  segment?: PeriodFields;

  @ApiPropertyOptional({ enum: ['day', 'second', 'none'], default: 'day' })
  @Optional()
  @IsChoice(['day', 'second', 'none'])
  proration?: 'day' | 'second' | 'none';

  @ApiProperty({ type: [QuoteItemFields] })
  @ListOf(() => QuoteItemFields, { max: 50 })
  items!: QuoteItemFields[];

  @ApiPropertyOptional({
    type: QuoteChangeFields,
    description: 'What a change from `items` to these credits and charges, given that `items` were billed for the period.',
  })
  @Optional()
  @ObjectOf(() => QuoteChangeFields)
  change?: QuoteChangeFields;

  @ApiPropertyOptional({ type: [QuoteDiscountFields] })
  @Optional()
  @ListOf(() => QuoteDiscountFields, { max: 20 })
  discounts?: QuoteDiscountFields[];
}
