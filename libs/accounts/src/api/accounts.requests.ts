import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsBoolean,
  IsEmail,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  isISO31661Alpha2,
  Length,
  Matches,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PaymentMethodId, TestClockId } from '#kernel/ids.js';
import { PageRequest } from '#platform/http/page.js';
import { IsCurrencyCode, IsId, IsLocaleTag, IsMetadata, IsTimeZoneName, ListOf } from '#platform/http/validators.js';
import { type AccountStatus, accountStatuses } from '../read-models/account-details/account-details.query.js';

/** The name of the rule is the code in `errors[]`. */
const IsCountryCode = () =>
  ValidateBy({
    name: 'country_unknown',
    validator: { validate: isISO31661Alpha2, defaultMessage: () => 'This must be a country by ISO 3166-1 alpha-2, such as DE.' },
  });

export class TaxIdFields {
  @ApiProperty({ type: String, example: 'eu_vat', description: 'Which register it is from, in lower case.' })
  @Matches(/^[a-z][a-z0-9_]{1,31}$/)
  type!: string;

  @ApiProperty({ type: String, example: 'DE136695976' })
  @IsString()
  @Length(1, 64)
  value!: string;
}

export class PaymentMethodToken {
  @ApiProperty({ type: String, example: 'pm_card_visa', description: 'What the gateway gave the browser for the card.' })
  @Matches(/^[\x21-\x7e]{1,255}$/)
  token!: string;
}

export class NewPaymentMethod extends PaymentMethodToken {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Charge it from now on. The first method of an account always is the default.',
  })
  @IsOptional()
  @IsBoolean()
  isDefault?: boolean;
}

/** What can be given when an account is made, and changed later. */
class AccountFields {
  @ApiPropertyOptional({ type: String, example: 'America/New_York', description: 'IANA time zone in which days begin and end.' })
  @IsOptional()
  @IsTimeZoneName()
  timeZone?: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'en-US',
    description: 'Language tag (BCP 47) for what the customer is sent.',
  })
  @IsOptional()
  @IsLocaleTag()
  locale?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'US', description: 'ISO 3166-1 alpha-2.' })
  @IsOptional()
  @IsCountryCode()
  country?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'NY', description: 'State or province.' })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  region?: string | null;

  @ApiPropertyOptional({ type: [TaxIdFields], description: 'Replaces those there were.' })
  @IsOptional()
  @ArrayMaxSize(10)
  @ListOf(() => TaxIdFields)
  taxIds?: TaxIdFields[];

  @ApiPropertyOptional({ type: Boolean, default: false })
  @IsOptional()
  @IsBoolean()
  taxExempt?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { crm: '4711' },
    description: 'Up to 50 texts of your own. Replaces those there were.',
  })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, string>;
}

export class NewAccount extends AccountFields {
  @ApiProperty({ type: String, format: 'email', example: 'ada@example.com', description: 'Two accounts may have the same.' })
  @IsEmail()
  email!: string;

  @ApiProperty({ type: String, example: 'Ada Lovelace' })
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name!: string;

  @ApiProperty({ type: String, example: 'USD', description: 'ISO 4217. Everything is billed in it; it never changes.' })
  @IsCurrencyCode()
  currency!: Currency;

  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'Lets the account live on a test clock.' })
  @IsOptional()
  @IsId()
  testClockId?: TestClockId | null;

  @ApiPropertyOptional({ type: PaymentMethodToken, nullable: true, description: 'Verified by the gateway before the account is made.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PaymentMethodToken)
  paymentMethod?: PaymentMethodToken | null;
}

export class AccountChanges extends AccountFields {
  @ApiPropertyOptional({ type: String, format: 'email' })
  @IsOptional()
  @IsEmail()
  email?: string;

  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/)
  name?: string;

  @ApiPropertyOptional({ type: String, description: 'May be sent as it is; another one is refused.' })
  @IsOptional()
  @IsCurrencyCode()
  currency?: Currency;
}

export class AccountList extends PageRequest {
  @ApiPropertyOptional({ type: String, description: 'Letter case does not matter.' })
  @IsOptional()
  @IsString()
  @Length(1, 320)
  email?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsId()
  testClockId?: string;

  @ApiPropertyOptional({ enum: [...accountStatuses], default: 'ACTIVE', description: 'Closed accounts are listed only when asked for.' })
  @IsOptional()
  @IsIn([...accountStatuses])
  status?: AccountStatus;
}

export class AccountPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: AccountId;
}

export class PaymentMethodPath extends AccountPath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  paymentMethodId!: PaymentMethodId;
}
