import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsLine, IsText } from '#platform/http/text-validators.js';
import { IsDecimalText, IsFlag, IsId, IsInstant, IsMoneyAmount, ListOf } from '#platform/http/validators.js';
import { documentKinds } from '#pricing/bill.js';
import type { WrittenLine } from '../invoice/create-invoice.js';
import { linePriceMissing } from '../invoice/invoice.refusals.js';
import { invoiceStatuses } from '../read-models/invoice-details/invoice-details.query.js';

const MOST_LINES = 100;

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

  @ApiPropertyOptional({ type: String, enum: [...documentKinds] })
  @Optional()
  @IsChoice(documentKinds)
  kind?: string;
}

export class NewInvoiceLine {
  @ApiProperty({ type: String, minLength: 1, maxLength: 500, example: 'Consulting, hours' })
  @IsLine({ min: 1, max: 500 })
  description!: string;

  @ApiPropertyOptional({ type: String, default: '1', example: '7.5', description: 'A decimal above zero, as text.' })
  @Optional()
  @IsDecimalText({ sign: 'positive' })
  quantity?: string;

  @ApiPropertyOptional({ type: String, example: '12000', description: 'The price of one, in minor units, as a decimal text.' })
  @Optional()
  @IsDecimalText()
  unitAmount?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Instead of unitAmount: one at this price, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  amount?: number;

  @ApiPropertyOptional({ type: String, maxLength: 100, example: 'txcd_20030000' })
  @Optional()
  @IsText({ min: 1, max: 100 })
  taxCode?: string;

  asWritten(pointer: string): WrittenLine {
    if ((this.unitAmount === undefined) === (this.amount === undefined)) {
      throw linePriceMissing('The line has no price, or two.', { pointer: `${pointer}/unitAmount` });
    }
    const { description, quantity = '1', taxCode = null } = this;
    return { description, quantity, unitAmount: this.unitAmount ?? String(this.amount), taxCode };
  }
}

export class NewInvoice {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  accountId!: string;

  @ApiProperty({ type: [NewInvoiceLine], minItems: 1, maxItems: MOST_LINES })
  @ListOf(() => NewInvoiceLine, { min: 1, max: MOST_LINES })
  lines!: NewInvoiceLine[];

  @ApiPropertyOptional({ type: String, format: 'date-time', description: "By the account's usual terms when left out." })
  @Optional()
  @IsInstant()
  dueAt?: string;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Keeps it as a draft, without a number, until it is issued.' })
  @Optional()
  @IsFlag()
  draft?: boolean;
}

export class InvoicePath {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsId()
  id!: string;
}
