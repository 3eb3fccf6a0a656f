import type { Currency } from '#kernel/currency.js';
import type { PaymentMethodId, TestClockId } from '#kernel/ids.js';
import { IsAddress, IsExternalId } from '#platform/http/external-id.js';
import { Nullable, Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsCode, IsEmailAddress, IsGatewayToken, IsLine, IsText } from '#platform/http/text-validators.js';
import {
  IsCountryCode,
  IsCurrencyCode,
  IsFlag,
  IsId,
  IsLocaleTag,
  IsMetadata,
  IsTimeZoneName,
  ListOf,
  ObjectOf,
} from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { type AccountStatus, accountStatuses } from '../read-models/account-details/account-details.query.js';

export class TaxIdFields {
  @Input({ example: 'eu_vat', description: 'Which register it is from, in lower case.' })
  @IsCode(/^[a-z][a-z0-9_]{1,31}$/, 'This must be the name of a register in lower case, such as eu_vat.')
  type!: string;

  @Input({ example: 'DE136695976' })
  @IsLine({ max: 64 })
  value!: string;
}

export class AddressFields {
  @Input({ example: '12 St James Square' })
  @IsLine({ max: 200 })
  line1!: string;

  @Input()
  @Nullable()
  @IsLine({ max: 200 })
  line2?: string | null;

  @Input({ example: 'London' })
  @IsLine({ max: 100 })
  city!: string;

  @Input({ example: 'SW1Y 4JH' })
  @IsLine({ max: 20 })
  postalCode!: string;

  @Input({ description: 'State or province.' })
  @Nullable()
  @IsLine({ max: 64 })
  region?: string | null;
}

export class PaymentMethodToken {
  @Input({ example: 'pm_card_visa', description: 'What the gateway gave the browser for the card.' })
  @IsGatewayToken()
  token!: string;
}

export class NewPaymentMethod extends PaymentMethodToken {
  @Input({ default: false, description: 'Charge it from now on. The first method of an account always is the default.' })
  @Optional()
  @IsFlag()
  isDefault?: boolean;
}

/** What can be given when an account is made, and changed later. */
class AccountFields {
  @Input({ description: 'Where invoices are addressed to. Replaced as a whole.' })
  @Nullable()
  @ObjectOf(() => AddressFields)
  address?: AddressFields | null;

  @Input({ example: 'America/New_York', description: 'IANA time zone in which days begin and end.' })
  @Optional()
  @IsTimeZoneName()
  timeZone?: string;

  @Input({ example: 'en-US', description: 'Language tag (BCP 47) for what the customer is sent.' })
  @Nullable()
  @IsLocaleTag()
  locale?: string | null;

  @Input({ example: 'US', description: 'ISO 3166-1 alpha-2.' })
  @Nullable()
  @IsCountryCode()
  country?: string | null;

  @Input({ example: 'NY', description: 'State or province.' })
  @Nullable()
  @IsLine({ max: 64 })
  region?: string | null;

  @Input({ description: 'Replaces those there were.' })
  @Optional()
  @ListOf(() => TaxIdFields, { max: 10 })
  taxIds?: TaxIdFields[];

  @Input()
  @Optional()
  @IsFlag()
  taxExempt?: boolean;

  @Input({
    example: 'customer-4711',
    description:
      'The id that your own system has for the customer: given once, of one account only. Addresses take it as `ext:customer-4711`.',
  })
  @Optional()
  @IsExternalId()
  externalId?: string;

  @Input({ example: { crm: '4711' }, description: 'Up to 50 texts of your own. Replaces those there were.' })
  @Optional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class NewAccount extends AccountFields {
  @Input({ example: 'ada@example.com', description: 'Two accounts may have the same.' })
  @IsEmailAddress()
  email!: string;

  @Input({ example: 'Ada Lovelace' })
  @IsLine({ max: 200 })
  name!: string;

  @Input({ example: 'USD', description: 'ISO 4217. Everything is billed in it; it never changes.' })
  @IsCurrencyCode()
  currency!: Currency;

  @Input({ description: 'Lets the account live on a test clock.' })
  @Nullable()
  @IsId()
  testClockId?: TestClockId | null;

  @Input({ description: 'Verified by the gateway before the account is made.' })
  @Nullable()
  @ObjectOf(() => PaymentMethodToken)
  paymentMethod?: PaymentMethodToken | null;
}

export class AccountChanges extends AccountFields {
  @Input()
  @Optional()
  @IsEmailAddress()
  email?: string;

  @Input()
  @Optional()
  @IsLine({ max: 200 })
  name?: string;

  @Input({ description: 'May be sent as it is; another one is refused.' })
  @Optional()
  @IsCurrencyCode()
  currency?: Currency;
}

export class AccountList extends PageRequest {
  @Input({ description: 'Letter case does not matter.' })
  @Optional()
  @IsText({ min: 1, max: 320 })
  email?: string;

  @Input()
  @Optional()
  @IsId()
  testClockId?: string;

  @Input({ example: 'customer-4711' })
  @Optional()
  @IsExternalId()
  externalId?: string;

  @Input({ default: 'ACTIVE', description: 'Closed accounts are listed only when asked for.' })
  @Optional()
  @IsChoice(accountStatuses)
  status?: AccountStatus;
}

export class AccountPath {
  @Input({ example: 'ext:customer-4711', description: 'The id, or `ext:` and the external id.' })
  @IsAddress()
  id!: string;
}

export class PaymentMethodPath extends AccountPath {
  @Input()
  @IsId()
  paymentMethodId!: PaymentMethodId;
}

export class AccountErasure {
  @Input({ example: 'asked for by letter of 2026-01-31', description: 'Kept with what the invoices must keep.' })
  @IsLine({ max: 500 })
  reason!: string;
}
