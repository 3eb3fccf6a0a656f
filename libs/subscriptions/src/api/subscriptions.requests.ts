import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsProse, IsText } from '#platform/http/text-validators.js';
import { IsFlagText, IsId, IsInstant, IsMetadata, IsWhole, ListOf } from '#platform/http/validators.js';
import { subscriptionStatuses } from '../read-models/subscription-details/subscription-details.query.js';

const MOST_SEATS = 1_000_000;
const LONGEST_TRIAL_DAYS = 730;
const MOST_ITEMS = 50;

export class NewItem {
  @ApiProperty({ type: String, example: 'seats', description: 'A price of the plan that takes a quantity.' })
  @IsText({ min: 1, max: 100 })
  priceCode!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_SEATS })
  @IsWhole({ min: 1, max: MOST_SEATS })
  quantity!: number;
}

export class NewSubscription {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  accountId!: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'The plan, by its id or by its code.' })
  @Optional()
  @IsId()
  planId?: string;

  @ApiPropertyOptional({ type: String, example: 'pro' })
  @Optional()
  @IsText({ min: 1, max: 100 })
  planCode?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_SEATS,
    default: 1,
    description: 'Seats: for every price of the plan that takes a quantity.',
  })
  @Optional()
  @IsWhole({ min: 1, max: MOST_SEATS })
  quantity?: number;

  @ApiPropertyOptional({ type: [NewItem], description: 'Quantities of single prices; what is left out has `quantity`.' })
  @Optional()
  @ListOf(() => NewItem, { max: MOST_ITEMS })
  items?: NewItem[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: LONGEST_TRIAL_DAYS,
    description: "The plan's own trial when left out; 0 for none.",
  })
  @Optional()
  @IsWhole({ min: 0, max: LONGEST_TRIAL_DAYS })
  trialDays?: number;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Now when left out; a past moment bills the periods since.' })
  @Optional()
  @IsInstant()
  startAt?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 31,
    description: 'The day of the month to bill on; the first period is cut short to it.',
  })
  @Optional()
  @IsWhole({ min: 1, max: 31 })
  anchorDay?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class SubscriptionList extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, enum: [...subscriptionStatuses] })
  @Optional()
  @IsChoice(subscriptionStatuses)
  status?: string;
}

export class SubscriptionPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: string;
}

export class Cancellation {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'End with the period that is paid for, instead of now.' })
  @Optional()
  @IsFlagText()
  atPeriodEnd?: string;
}

export class BillingRetry {
  @ApiProperty({ type: String, minLength: 1, maxLength: 500, example: 'The price has a currency again.' })
  @IsProse({ max: 500 })
  reason!: string;
}
