import type { PlanId } from '#kernel/ids.js';
import { type IntervalUnit, intervalUnits } from '#kernel/interval.js';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsLine } from '#platform/http/text-validators.js';
import { IsCurrencyCode, IsFlag, IsFlagText, IsId, IsMetadata, IsWhole, IsWholeText, ListOf, ObjectOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { IsPlanCode } from './meter.requests.js';
import { PriceFields } from './price.requests.js';

export class IntervalFields {
  @Input({ example: 'month' })
  @IsChoice(intervalUnits)
  unit!: IntervalUnit;

  @Input({ example: 1, description: 'Every so many units, at most three years in all.' })
  @IsWhole({ min: 1, max: 1095 })
  count!: number;
}

export class NewPlan {
  @Input({ example: 'pro', description: 'Unique among all plans, retired ones too, and never changed.' })
  @IsPlanCode()
  code!: string;

  @Input({ example: 'Pro' })
  @IsLine({ max: 200 })
  name!: string;

  @Input()
  @ObjectOf(() => IntervalFields)
  interval!: IntervalFields;

  @Input({ default: 0 })
  @Optional()
  @IsWhole({ min: 0, max: 730 })
  trialDays?: number;

  @Input()
  @ListOf(() => PriceFields, { max: 50 })
  prices!: PriceFields[];

  @Input({ example: { tier: 'gold' } })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class PlanChanges {
  @Input({ example: 'Pro' })
  @Optional()
  @IsLine({ max: 200 })
  name?: string;

  @Input()
  @Optional()
  @ObjectOf(() => IntervalFields)
  interval?: IntervalFields;

  @Input()
  @Optional()
  @IsWhole({ min: 0, max: 730 })
  trialDays?: number;

  @Input({ description: 'All of them: they replace those of the version before.' })
  @Optional()
  @ListOf(() => PriceFields, { max: 50 })
  prices?: PriceFields[];

  @Input({ description: 'Replaces what there was.' })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;

  @Input({ description: 'False retires the plan: it takes no new subscriptions. That is no new version.' })
  @Optional()
  @IsFlag()
  active?: boolean;
}

export class PlanList extends PageRequest {
  @Input()
  @Optional()
  @IsFlagText()
  active?: 'true' | 'false';

  @Input({ example: 'pro' })
  @Optional()
  @IsPlanCode()
  code?: string;

  @Input({ example: 'pro-', description: 'How the code begins.' })
  @Optional()
  @IsPlanCode()
  codePrefix?: string;

  @Input({ example: 'EUR', description: 'That the plan can be subscribed to in.' })
  @Optional()
  @IsCurrencyCode()
  currency?: string;

  @Input({ example: 'month' })
  @Optional()
  @IsChoice(intervalUnits)
  interval?: IntervalUnit;
}

export class PlanClone {
  @Input({ example: 'pro-2027', description: 'Of the new plan.' })
  @IsPlanCode()
  code!: string;

  @Input({ example: 'Pro 2027', description: 'The same as before when not given.' })
  @Optional()
  @IsLine({ max: 200 })
  name?: string;
}

export class PlanPath {
  @Input()
  @IsId()
  id!: PlanId;
}

export class PlanReading {
  @Input({ description: 'The version to show; the newest when not given.' })
  @Optional()
  @IsWholeText({ min: 1, max: 999_999_999 })
  version?: string;
}
