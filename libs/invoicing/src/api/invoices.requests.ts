import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsText } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { invoiceStatuses } from '../read-models/invoice-details/invoice-details.query.js';

export class InvoiceList extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @Optional()
  @IsId()
  subscriptionId?: string;

  @ApiPropertyOptional({ type: String, enum: [...invoiceStatuses] })
  @Optional()
  @IsChoice(invoiceStatuses)
  status?: string;

  @ApiPropertyOptional({ type: String, example: 'INV-2026-000001', description: 'The number as it is printed on the invoice.' })
  @Optional()
  @IsText({ min: 1, max: 64 })
  number?: string;
}

export class InvoicePath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: string;
}
