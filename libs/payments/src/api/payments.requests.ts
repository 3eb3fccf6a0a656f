import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsProse } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { paymentStatuses } from '../read-models/payment-details/payment-details.query.js';

export class PaymentList extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  invoiceId?: string;

  @ApiPropertyOptional({ type: String, enum: [...paymentStatuses] })
  @Optional()
  @IsChoice(paymentStatuses)
  status?: string;
}

export class PaymentRetry {
  @ApiProperty({ type: String, format: 'uuid', example: '0190f0c8-3333-7000-8000-00000000002a' })
  @IsId()
  invoiceId!: string;
}

export class AccountRelease {
  @ApiProperty({ type: String, minLength: 1, maxLength: 500, example: 'The second card terminal charged it; refunded by hand.' })
  @IsProse({ max: 500 })
  reason!: string;
}
