import { ApiPropertyOptional } from '@nestjs/swagger';
import type { Currency } from '#kernel/currency.js';
import type { PlanId } from '#kernel/ids.js';
import { Optional } from '#platform/http/field-rule.js';
import { MoneyFields } from '#platform/http/money-fields.js';
import { IsChoice, IsLine } from '#platform/http/text-validators.js';
import {
  IsCountryCode,
  IsCurrencyCode,
  IsDecimalText,
  IsFlag,
  IsId,
  IsInstant,
  IsReadLater,
  IsTimeZoneName,
  ListOf,
  ObjectOf,
} from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { IsPlanCode } from './meter.requests.js';
import { PriceFields } from './price.requests.js';

export class PeriodFields {
  @Input({ example: '2026-04-01T00:00:00Z' })
  @IsInstant()
  start!: string;

  @Input({ example: '2026-05-01T00:00:00Z', description: 'The first moment after it.' })
  @IsInstant()
  end!: string;
}

export class QuoteItemFields {
  @Input({ example: 'pro', description: 'A plan, in its newest version.' })
  @Optional()
  @IsPlanCode()
  planCode?: string;

  @Input()
  @Optional()
  @IsId()
  planId?: PlanId;

  @Input({ description: 'Or a price of any model, whether a plan has it or not.' })
  @Optional()
  @ObjectOf(() => PriceFields)
  price?: PriceFields;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'integer' }],
    example: '3',
    description: 'For all prices that take one; 1 when not given.',
  })
  @Optional()
  @IsReadLater()
  quantity?: unknown;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }],
    example: '1250.5',
    description:
      'Of a price the quantity, or `{ events: [{ quantity, timestamp, properties? }] }`, which its meter counts. Of a plan an object: one of these for each metric.',
  })
  @Optional()
  @IsReadLater()
  usage?: unknown;
}

export class QuoteChangeFields {
  @Input()
  @IsInstant()
  at!: string;

  @Input({ description: 'None for a cancellation with credit.' })
  @ListOf(() => QuoteItemFields, { max: 50 })
  items!: QuoteItemFields[];
}

export class QuoteDiscountFields {
  @Input({ example: '20', description: 'A percentage.' })
  @Optional()
  @IsDecimalText({ sign: 'positive' })
  percentOff?: string;

  @Input()
  @Optional()
  @ObjectOf(() => MoneyFields)
  amountOff?: MoneyFields;

  @ApiPropertyOptional({ type: [String], description: 'Codes of prices; all when not given.' })
  @Optional()
  @IsReadLater()
  appliesTo?: unknown;
}

/** Whom it is for. No tax is computed yet, so nothing of it changes the quote. */
export class QuoteCustomerFields {
  @Input()
  @Optional()
  @IsId()
  accountId?: string;

  @Input({ example: 'DE' })
  @Optional()
  @IsCountryCode()
  country?: string;

  @Input()
  @Optional()
  @IsLine({ max: 100 })
  region?: string;

  @Input()
  @Optional()
  @IsLine({ max: 20 })
  postalCode?: string;

  @ApiPropertyOptional({ type: 'array', items: { type: 'object', additionalProperties: true } })
  @Optional()
  @IsReadLater()
  taxIds?: unknown;

  @Input()
  @Optional()
  @IsFlag()
  taxExempt?: boolean;
}

export class QuoteFields {
  @Input({ example: 'USD' })
  @IsCurrencyCode()
  currency!: Currency;

  @Input({ default: 'UTC', example: 'Europe/Berlin', description: 'Whose days are counted.' })
  @Optional()
  @IsTimeZoneName()
  timeZone?: string;

  @Input({ description: 'Now when not given.' })
  @Optional()
  @IsInstant()
  at?: string;

  @Input()
  @Optional()
  @ObjectOf(() => QuoteCustomerFields)
  customer?: QuoteCustomerFields;

  @Input({ description: 'What recurring amounts are for; one interval of the plan from `at` when not given.' })
  @Optional()
  @ObjectOf(() => PeriodFields)
  period?: PeriodFields;

  @Input({ description: 'The part of the period to price; all of it when not given.' })
  @Optional()
  @ObjectOf(() => PeriodFields)
  segment?: PeriodFields;

  @Input({ default: 'day' })
  @Optional()
  @IsChoice(['day', 'second', 'none'])
  proration?: 'day' | 'second' | 'none';

  @Input()
  @ListOf(() => QuoteItemFields, { max: 50 })
  items!: QuoteItemFields[];

  @Input({ description: 'What a change from `items` to these credits and charges, given that `items` were billed for the period.' })
  @Optional()
  @ObjectOf(() => QuoteChangeFields)
  change?: QuoteChangeFields;

  @Input()
  @Optional()
  @ListOf(() => QuoteDiscountFields, { max: 20 })
  discounts?: QuoteDiscountFields[];
}
