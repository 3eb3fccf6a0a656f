import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, MaxLength, Min, MinLength } from 'class-validator';
import { PageRequest } from '#platform/http/page.js';
import { IsId, IsInstant, IsMetadata } from '#platform/http/validators.js';
import { subscriptionStatuses } from '../read-models/subscription-details/subscription-details.query.js';

const MOST_SEATS = 1_000_000;
const LONGEST_TRIAL_DAYS = 730;

export class NewSubscription {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  accountId!: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'The plan, by its id or by its code.' })
  @IsOptional()
  @IsId()
  planId?: string;

  @ApiPropertyOptional({ type: String, example: 'pro' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  planCode?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_SEATS, default: 1, description: 'Seats, for prices per unit.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_SEATS)
  quantity?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: LONGEST_TRIAL_DAYS,
    description: "The plan's own trial when left out; 0 for none.",
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(LONGEST_TRIAL_DAYS)
  trialDays?: number;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Now when left out; a past moment bills the periods since.' })
  @IsOptional()
  @IsInstant()
  startAt?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 31,
    description: 'The day of the month to bill on; the first period is cut short to it.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(31)
  anchorDay?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class SubscriptionList extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, enum: [...subscriptionStatuses] })
  @IsOptional()
  @IsIn([...subscriptionStatuses])
  status?: string;
}

export class SubscriptionPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: string;
}

export class Cancellation {
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'End with the period that is paid for, instead of now.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  atPeriodEnd?: string;
}

export class BillingRetry {
  @ApiProperty({ type: String, minLength: 1, maxLength: 500, example: 'The price has a currency again.' })
  @IsString()
  @Length(1, 500)
  reason!: string;
}
