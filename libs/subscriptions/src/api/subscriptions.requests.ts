import { IsAddress, IsExternalId } from '#platform/http/external-id.js';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsProse, IsText } from '#platform/http/text-validators.js';
import { IsFlagText, IsId, IsInstant, IsMetadata, IsWhole, ListOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { subscriptionStatuses } from '../read-models/subscription-details/subscription-details.query.js';

const MOST_SEATS = 1_000_000;
const LONGEST_TRIAL_DAYS = 730;
const MOST_ITEMS = 50;

export class NewItem {
  @Input({ example: 'seats', description: 'A price of the plan that takes a quantity.' })
  @IsText({ min: 1, max: 100 })
  priceCode!: string;

  @Input()
  @IsWhole({ min: 1, max: MOST_SEATS })
  quantity!: number;
}

export class NewSubscription {
  @Input()
  @IsId()
  accountId!: string;

  @Input({ description: 'The plan, by its id or by its code.' })
  @Optional()
  @IsId()
  planId?: string;

  @Input({ example: 'pro' })
  @Optional()
  @IsText({ min: 1, max: 100 })
  planCode?: string;

  @Input({ default: 1, description: 'Seats: for every price of the plan that takes a quantity.' })
  @Optional()
  @IsWhole({ min: 1, max: MOST_SEATS })
  quantity?: number;

  @Input({ description: 'Quantities of single prices; what is left out has `quantity`.' })
  @Optional()
  @ListOf(() => NewItem, { max: MOST_ITEMS })
  items?: NewItem[];

  @Input({ description: "The plan's own trial when left out; 0 for none." })
  @Optional()
  @IsWhole({ min: 0, max: LONGEST_TRIAL_DAYS })
  trialDays?: number;

  @Input({ description: 'Now when left out; a past moment bills the periods since.' })
  @Optional()
  @IsInstant()
  startAt?: string;

  @Input({ description: 'The day of the month to bill on; the first period is cut short to it.' })
  @Optional()
  @IsWhole({ min: 1, max: 31 })
  anchorDay?: number;

  @Input({
    example: 'order-4711',
    description: 'The id that your own system has for it, of one subscription only. Addresses take it as `ext:order-4711`.',
  })
  @Optional()
  @IsExternalId()
  externalId?: string;

  @Input()
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class SubscriptionList extends PageRequest {
  @Input()
  @Optional()
  @IsId()
  accountId?: string;

  @Input({ example: 'order-4711' })
  @Optional()
  @IsExternalId()
  externalId?: string;

  @Input()
  @Optional()
  @IsChoice(subscriptionStatuses)
  status?: string;
}

export class SubscriptionPath {
  @Input({ example: 'ext:order-4711', description: 'The id, or `ext:` and the external id.' })
  @IsAddress()
  id!: string;
}

export class Cancellation {
  @Input({ default: false, description: 'End with the period that is paid for, instead of now.' })
  @Optional()
  @IsFlagText()
  atPeriodEnd?: string;
}

export class BillingRetry {
  @Input({ example: 'The price has a currency again.' })
  @IsProse({ max: 500 })
  reason!: string;
}
