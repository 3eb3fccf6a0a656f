import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Answer, Outcome } from '#event-sourcing/command.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database, type Sql } from '#event-sourcing/sql.js';
import { bucketOf, type InvoiceId, id, type PaymentId } from '#kernel/ids.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { etagOf } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import {
  accountParked,
  invoiceNotOpen,
  invoiceUnknown,
  paymentAttemptStale,
  paymentInProgress,
  paymentMethodMissing,
  paymentNotFound,
} from '../payment/payment.refusals.js';
import { RetryPayment } from '../payment/retry-payment.js';
import { attemptsAtInvoice } from '../read-models/collectible-invoice/collectible-invoice.query.js';
import {
  type PaymentRow,
  PaymentView,
  paymentPosition,
  paymentRows,
  paymentView,
} from '../read-models/payment-details/payment-details.query.js';
import { PaymentList, PaymentRetry } from './payments.requests.js';

@ApiTags('Payments')
@Controller('v1/payments')
export class PaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listPayments',
    summary: 'List payments, newest first',
    description: 'Every attempt to collect an invoice is a payment of its own.',
  })
  @ApiOkResponse({ type: pageSchema(PaymentView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  async list(@Query() query: PaymentList): Promise<unknown> {
    const filters = { account_id: query.accountId, invoice_id: query.invoiceId, status: query.status };
    const window = pageWindow(query, { list: 'payments', ...filters });
    // Invoices share the bucket of their account, so either filter leads to one part of the table.
    const owner = query.accountId ?? query.invoiceId;
    const rows = await rowsNewestFirst<PaymentRow>(
      this.database,
      paymentRows,
      { bucket: owner && bucketOf(id(owner)), ...filters },
      window,
    );
    return restForm(pageOf(rows, window, paymentPosition, paymentView));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getPayment', summary: 'Read a payment', description: 'With the reason, where it has failed.' })
  @ApiOkResponse({ type: PaymentView })
  @ApiProblem(paymentNotFound, 'id_invalid')
  async read(@Param('id') given: string): Promise<Answered> {
    const paymentId: PaymentId = id(given);
    const row = await rowById<PaymentRow>(this.database, paymentRows, paymentId);
    if (!row) throw paymentNotFound(`There is no payment ${paymentId}.`);
    return resource(restForm(paymentView(row)), Number(row.version));
  }

  @Post('retry')
  @ApiOperation({
    operationId: 'retryPayment',
    summary: 'Try to collect an open invoice again',
    description:
      'With the default payment method of the account, unless an attempt is still under way. Who asks twice at once gets the same attempt.',
  })
  @ApiCreatedResponse({ type: PaymentView })
  @ApiProblem(invoiceNotOpen, paymentInProgress, paymentMethodMissing, paymentAttemptStale, invoiceUnknown, accountParked)
  async retry(@Body() body: PaymentRetry, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    const invoiceId: InvoiceId = id(body.invoiceId, '/invoiceId');
    const known = await attemptsAtInvoice(this.database, invoiceId);
    if (!known) throw invoiceUnknown(`There is no invoice ${invoiceId}.`, { pointer: '/invoiceId' });
    const { accountId, attempts } = known;
    const command = new RetryPayment({ invoiceId, accountId, attempt: attempts + 1 }, commandMeta({ idempotency, answer: shown }));
    const { answer, replayed } = await this.commands.execute(command);
    return recorded(answer!, replayed);
  }
}

async function shown(sql: Sql, { streamId, version }: Outcome): Promise<Answer> {
  const row = await rowById<PaymentRow>(sql, paymentRows, streamId);
  return { status: 201, headers: { ETag: etagOf(version), Location: `/v1/payments/${streamId}` }, body: restForm(paymentView(row!)) };
}
