import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageRequest } from '#platform/http/page.js';
import { IsId } from '#platform/http/validators.js';
import { invoiceStatuses } from '../read-models/invoice-details/invoice-details.query.js';

export class InvoiceList extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsId()
  accountId?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsId()
  subscriptionId?: string;

  @ApiPropertyOptional({ type: String, enum: [...invoiceStatuses] })
  @IsOptional()
  @IsIn([...invoiceStatuses])
  status?: string;
}

export class InvoicePath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: string;
}
