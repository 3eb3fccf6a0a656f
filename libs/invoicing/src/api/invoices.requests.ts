import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsLine, IsText } from '#platform/http/text-validators.js';
import { IsDecimalText, IsFlag, IsId, IsInstant, IsMoneyAmount, ListOf } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { documentKinds } from '#pricing/bill.js';
import type { WrittenLine } from '../invoice/create-invoice.js';
import { linePriceMissing } from '../invoice/invoice.refusals.js';
import { invoiceStatuses } from '../read-models/invoice-details/invoice-details.query.js';

const MOST_LINES = 100;

export class InvoiceList extends PageRequest {
  @Input()
  @Optional()
  @IsId()
  accountId?: string;

  @Input()
  @Optional()
  @IsId()
  subscriptionId?: string;

  @Input()
  @Optional()
  @IsChoice(invoiceStatuses)
  status?: string;

  @Input({ example: 'INV-2026-000001', description: 'The number as it is printed on the invoice.' })
  @Optional()
  @IsText({ min: 1, max: 64 })
  number?: string;

  @Input()
  @Optional()
  @IsChoice(documentKinds)
  kind?: string;
}

export class NewInvoiceLine {
  @Input({ example: 'Consulting, hours' })
  @IsLine({ min: 1, max: 500 })
  description!: string;

  @Input({ default: '1', example: '7.5', description: 'A decimal above zero, as text.' })
  @Optional()
  @IsDecimalText({ sign: 'positive' })
  quantity?: string;

  @Input({ example: '12000', description: 'The price of one, in minor units, as a decimal text.' })
  @Optional()
  @IsDecimalText()
  unitAmount?: string;

  @Input({ description: 'Instead of unitAmount: one at this price, in minor units.' })
  @Optional()
  @IsMoneyAmount()
  amount?: number;

  @Input({ example: 'txcd_20030000' })
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
  @Input()
  @IsId()
  accountId!: string;

  @Input()
  @ListOf(() => NewInvoiceLine, { min: 1, max: MOST_LINES })
  lines!: NewInvoiceLine[];

  @Input({ description: "By the account's usual terms when left out." })
  @Optional()
  @IsInstant()
  dueAt?: string;

  @Input({ default: false, description: 'Keeps it as a draft, without a number, until it is issued.' })
  @Optional()
  @IsFlag()
  draft?: boolean;
}

export class InvoicePath {
  @Input()
  @IsId()
  id!: string;
}
