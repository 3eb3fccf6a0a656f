import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Money } from '#kernel/money.js';
import { moneyToWire } from '#kernel/money-wire.js';
import { MoneyFields } from '#platform/http/money-fields.js';
import type { AccountDetails } from '../read-models/account-details/account-details.js';
import type { PaymentMethod } from '../read-models/payment-method/payment-method.js';
import { TaxIdFields } from './accounts.requests.js';

@ApiSchema({ name: 'PaymentMethod' })
export class PaymentMethodResource {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, example: 'card' })
  type!: string;

  @ApiProperty({ type: String, nullable: true, example: 'visa' })
  brand!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: '4242',
    description: 'The last four digits. The number itself is never kept here.',
  })
  last4!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 12 })
  expMonth!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 2030 })
  expYear!: number | null;

  @ApiProperty({ type: Boolean })
  isDefault!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;
}

@ApiSchema({ name: 'Account' })
export class AccountResource {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, example: 'ada@example.com' })
  email!: string;

  @ApiProperty({ type: String, example: 'Ada Lovelace' })
  name!: string;

  @ApiProperty({ type: String, example: 'USD' })
  currency!: string;

  @ApiProperty({ type: String, example: 'America/New_York' })
  timeZone!: string;

  @ApiProperty({ type: String, nullable: true, example: 'en-US' })
  locale!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'US' })
  country!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'NY' })
  region!: string | null;

  @ApiProperty({ type: [TaxIdFields] })
  taxIds!: readonly TaxIdFields[];

  @ApiProperty({ type: Boolean })
  taxExempt!: boolean;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { crm: '4711' } })
  metadata!: Readonly<Record<string, string>>;

  @ApiProperty({ enum: ['ACTIVE', 'WARNING', 'BLOCKED', 'CLOSED'] })
  status!: string;

  @ApiProperty({ type: MoneyFields, description: 'Credit is positive.' })
  balance!: MoneyFields;

  @ApiProperty({ type: [PaymentMethodResource], description: 'Newest first.' })
  paymentMethods!: readonly PaymentMethodResource[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  testClockId!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  closedAt!: string | null;
}

/** An account as REST answers it. */
export function accountResource(account: AccountDetails, paymentMethods: readonly PaymentMethod[]): AccountResource {
  const { version: _, gatewayCustomerId: __, defaultPaymentMethodId: ___, ...shown } = account;
  return { ...shown, balance: moneyToWire(balanceOf(account)), paymentMethods };
}

/** No account has credit yet. */
export function balanceOf({ currency }: Pick<AccountDetails, 'currency'>): Money {
  return Money.zero(currency);
}
