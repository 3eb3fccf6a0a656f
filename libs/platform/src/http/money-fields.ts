import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Currency } from '#kernel/currency.js';
import { IsCurrencyCode, IsMoneyAmount } from './validators.js';

/**
 * Money on the wire: `{ "amount": 1250, "currency": "USD" }`. Input (`@ObjectOf(() => MoneyFields)`,
 * read with the kernel's `moneyFromWire`) and output (`moneyToWire`).
 */
@ApiSchema({ name: 'MoneyGiven' })
export class MoneyFields {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 1250,
    description: 'In minor units: 1250 is 12.50 USD.',
  })
  @IsMoneyAmount()
  amount!: number;

  @ApiProperty({ type: String, pattern: '^[A-Z]{3}$', example: 'USD', description: 'ISO 4217, in upper case.' })
  @IsCurrencyCode()
  currency!: Currency;
}

/** A sum of ours: many amounts together can be more than a JSON number keeps exactly, and are text then. */
@ApiSchema({ name: 'MoneySum' })
export class MoneySumFields {
  @ApiProperty({
    oneOf: [
      { type: 'integer', format: 'int64', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^-?[1-9][0-9]{15,}$' },
    ],
    example: 1250,
    description:
      'In minor units. A number from -9007199254740991 to 9007199254740991, beyond that the same digits as text: "9007199254740992".',
  })
  amount!: number | string;

  @ApiProperty({ type: String, pattern: '^[A-Z]{3}$', example: 'USD', description: 'ISO 4217, in upper case.' })
  currency!: Currency;
}
