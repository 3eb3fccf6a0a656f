import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database } from '#event-sourcing/sql.js';
import { bucketOf, type InvoiceId, id } from '#kernel/ids.js';
import { type Answered, resource } from '#platform/http/answer.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import { invoiceNotFound } from '../invoice/invoice.refusals.js';
import {
  type InvoiceRow,
  InvoiceView,
  invoicePosition,
  invoiceRows,
  invoiceView,
} from '../read-models/invoice-details/invoice-details.query.js';
import { InvoiceList, InvoicePath } from './invoices.requests.js';

@ApiTags('Invoices')
@Controller('v1/invoices')
export class InvoicesController {
  constructor(private readonly database: Database) {}

  @Get()
  @ApiOperation({ summary: 'List invoices, newest first' })
  @ApiOkResponse({ type: pageSchema(InvoiceView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  async list(@Query() query: InvoiceList): Promise<unknown> {
    const filters = { account_id: query.accountId, subscription_id: query.subscriptionId, status: query.status, number: query.number };
    const window = pageWindow(query, { list: 'invoices', ...filters });
    // An account's subscriptions share its bucket, so either filter leads to one part of the table.
    const owner = query.accountId ?? query.subscriptionId;
    const rows = await rowsNewestFirst<InvoiceRow>(
      this.database,
      invoiceRows,
      { bucket: owner && bucketOf(id(owner)), ...filters },
      window,
    );
    return restForm(pageOf(rows, window, invoicePosition, invoiceView));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an invoice' })
  @ApiOkResponse({ type: InvoiceView })
  @ApiProblem(invoiceNotFound)
  async read(@Param() path: InvoicePath): Promise<Answered> {
    const invoiceId: InvoiceId = id(path.id);
    const row = await rowById<InvoiceRow>(this.database, invoiceRows, invoiceId);
    if (!row) throw invoiceNotFound(`There is no invoice ${invoiceId}.`);
    return resource(restForm(invoiceView(row)), Number(row.version));
  }
}
