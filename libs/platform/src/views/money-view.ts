import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** How answers show a kernel `Money`: see `restForm`. */
@ApiSchema({ name: 'Money' })
export class MoneyView {
  @ApiProperty({
    type: 'integer',
    format: 'int64',
    minimum: -Number.MAX_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 1250,
    description: 'In minor units: 1250 is 12.50 USD.',
  })
  amount!: number;

  @ApiProperty({ type: String, pattern: '^[A-Z]{3}$', example: 'USD', description: 'ISO 4217, in upper case.' })
  currency!: string;
}
