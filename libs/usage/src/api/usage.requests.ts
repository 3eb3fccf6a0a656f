import { ValidateIf } from 'class-validator';
import { decimal } from '#kernel/decimal.js';
import { id } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import type { ReportedUsage } from '#metering/admission.js';
import { IsAddress } from '#platform/http/external-id.js';
import { type FieldContext, Optional } from '#platform/http/field-rule.js';
import { IsChoice, IsText } from '#platform/http/text-validators.js';
import { IsDecimalText, IsId, IsInstant, IsMetadata, ListOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';

export const MOST_EVENTS = 1000;
const LONGEST_METRIC = 100;
const LONGEST_KEY = 255;

export class UsageEventFields {
  @Input()
  @IsId()
  subscriptionId!: string;

  @Input({ example: 'api_calls', description: 'What a price of the plan meters.' })
  @IsText({ min: 1, max: LONGEST_METRIC })
  metric!: string;

  @Input({ example: '12.5', description: 'An exact decimal as text; below zero to take back.' })
  @IsDecimalText({ sign: 'any' })
  quantity!: string;

  @Input({ example: '2026-04-12T08:30:00Z', description: 'When it was used; at most five minutes ahead.' })
  @IsInstant()
  timestamp!: string;

  @Input({ example: 'node-7/4711', description: 'Of this event alone, for ever: sent again, it is counted once.' })
  @IsText({ min: 1, max: LONGEST_KEY })
  idempotencyKey!: string;

  @Input({ description: 'What meters read, by name.' })
  @Optional()
  @IsMetadata()
  properties?: Record<string, string>;
}

/** Of an event that is sent alone; those of a list are in the list. */
function Alone(): PropertyDecorator {
  const context: FieldContext = { optional: true };
  return ValidateIf((report: UsageReport) => report.events === undefined, { context });
}

export class UsageReport {
  @Input({ description: 'Several events; or give the fields of one beside it instead.' })
  @Optional()
  @ListOf(() => UsageEventFields, { min: 1, max: MOST_EVENTS })
  events?: UsageEventFields[];

  @Input()
  @Alone()
  @IsId()
  subscriptionId?: string;

  @Input({ example: 'api_calls', description: 'What a price of the plan meters.' })
  @Alone()
  @IsText({ min: 1, max: LONGEST_METRIC })
  metric?: string;

  @Input({ example: '12.5', description: 'An exact decimal as text; below zero to take back.' })
  @Alone()
  @IsDecimalText({ sign: 'any' })
  quantity?: string;

  @Input({ example: '2026-04-12T08:30:00Z', description: 'When it was used; at most five minutes ahead.' })
  @Alone()
  @IsInstant()
  timestamp?: string;

  @Input({ example: 'node-7/4711', description: 'Of this event alone, for ever: sent again, it is counted once.' })
  @Alone()
  @IsText({ min: 1, max: LONGEST_KEY })
  idempotencyKey?: string;

  @Input({ description: 'What meters read, by name.' })
  @Optional()
  @IsMetadata()
  properties?: Record<string, string>;
}

export function reportedUsage({
  subscriptionId,
  metric,
  quantity,
  timestamp,
  idempotencyKey,
  properties = {},
}: UsageEventFields): ReportedUsage {
  return {
    ...{ subscriptionId: id<'subscription'>(subscriptionId), metric, quantity: decimal(quantity) },
    ...{ timestamp: instant(timestamp), idempotencyKey, properties },
  };
}

export class UsagePath {
  @Input({ example: 'ext:order-4711', description: 'The id, or `ext:` and the external id.' })
  @IsAddress()
  id!: string;
}

export class UsageRangeFields {
  @Input({ example: '2026-04-01T00:00:00Z', description: 'The beginning of the current billing period when left out.' })
  @Optional()
  @IsInstant()
  from?: string;

  @Input({ example: '2026-05-01T00:00:00Z', description: 'What begins at or after it is left out.' })
  @Optional()
  @IsInstant()
  to?: string;

  @Input({ example: 'api_calls' })
  @Optional()
  @IsText({ min: 1, max: LONGEST_METRIC })
  metric?: string;

  @Input({ description: 'By the hours or the days of the customer; by billing period, with its amount, when left out.' })
  @Optional()
  @IsChoice(['day', 'hour'])
  groupBy?: 'day' | 'hour';
}
