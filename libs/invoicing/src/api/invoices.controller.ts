import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf, derivedId, type InvoiceId, id, newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { IfMatch } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import { CreateInvoice } from '../invoice/create-invoice.js';
import {
  accountClosedToBilling,
  billedAccountUnknown,
  dueBeforeIssue,
  invoiceNotDraft,
  invoiceNotFound,
  linePriceMissing,
} from '../invoice/invoice.refusals.js';
import { IssueDraft } from '../invoice/issue-draft.js';
import {
  type InvoiceRow,
  InvoiceView,
  invoicePosition,
  invoiceRows,
  invoiceView,
} from '../read-models/invoice-details/invoice-details.query.js';
import { answerWithInvoice } from './invoice-answer.js';
import { InvoiceList, InvoicePath, NewInvoice } from './invoices.requests.js';

@ApiTags('Invoices')
@Controller('v1/invoices')
export class InvoicesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createInvoice',
    summary: 'Write an invoice',
    description: 'For what no subscription bills. It is issued at once, or kept as a draft until POST /v1/invoices/{id}/issue.',
  })
  @ApiCreatedResponse({ type: InvoiceView })
  @ApiProblem(billedAccountUnknown, accountClosedToBilling, dueBeforeIssue, linePriceMissing)
  async create(@Body() body: NewInvoice, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    const accountId: AccountId = id(body.accountId);
    const outcome = await this.commands.execute(
      new CreateInvoice(
        {
          // Derived from the key, so that a repeated request meets the invoice that it made.
          invoiceId: idempotency ? derivedId(accountId, `invoice/${idempotency.key}`) : newId(bucketOf(accountId)),
          accountId,
          lines: body.lines.map((line, index) => line.asWritten(`/lines/${index}`)),
          dueAt: body.dueAt === undefined ? null : instant(body.dueAt),
          draft: body.draft ?? false,
        },
        commandMeta({ idempotency, answer: answerWithInvoice(201) }),
      ),
    );
    return recorded(outcome.answer!, outcome.replayed);
  }

  @Post(':id/issue')
  @ApiOperation({
    operationId: 'issueInvoice',
    summary: 'Issue a draft',
    description: 'Gives it its number and its day, and requests its payment. It never changes after that.',
  })
  @ApiOkResponse({ type: InvoiceView })
  @ApiProblem(invoiceNotFound, invoiceNotDraft, dueBeforeIssue)
  async issue(
    @Param() path: InvoicePath,
    @Idempotent() idempotency: Idempotency | undefined,
    @IfMatch() expectedVersion: number | undefined,
  ): Promise<Answered> {
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithInvoice(200) });
    const outcome = await this.commands.execute(new IssueDraft({ invoiceId: id(path.id) }, meta));
    return recorded(outcome.answer!, outcome.replayed);
  }

  @Get()
  @ApiOperation({
    operationId: 'listInvoices',
    summary: 'List invoices, newest first',
    description: 'Of an account, of a subscription or of all, in every status unless one is asked for.',
  })
  @ApiOkResponse({ type: pageSchema(InvoiceView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  async list(@Query() query: InvoiceList): Promise<unknown> {
    const { accountId, subscriptionId, status, kind, number } = query;
    const filters = { account_id: accountId, subscription_id: subscriptionId, status, kind, number };
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
  @ApiOperation({ operationId: 'getInvoice', summary: 'Read an invoice', description: 'With its lines, and what is still to be paid.' })
  @ApiOkResponse({ type: InvoiceView })
  @ApiProblem(invoiceNotFound)
  async read(@Param() path: InvoicePath): Promise<Answered> {
    const invoiceId: InvoiceId = id(path.id);
    const row = await rowById<InvoiceRow>(this.database, invoiceRows, invoiceId);
    if (!row) throw invoiceNotFound(`There is no invoice ${invoiceId}.`);
    return resource(restForm(invoiceView(row)), Number(row.version));
  }
}
