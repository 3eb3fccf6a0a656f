import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { id } from '#kernel/ids.js';
import { type Answered, recorded } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { IfMatch } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { type Page, PageRequest, pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { paymentMethodIdOf } from '../account/account.policies.js';
import {
  accountClosed,
  accountNotFound,
  paymentMethodNotFound,
  paymentMethodRefused,
  tooManyPaymentMethods,
} from '../account/account.refusals.js';
import { AddPaymentMethod } from '../account/add-payment-method.js';
import { RemovePaymentMethod } from '../account/remove-payment-method.js';
import { SetDefaultPaymentMethod } from '../account/set-default-payment-method.js';
import { AccountDetailsQuery } from '../read-models/account-details/account-details.query.js';
import type { PaymentMethod } from '../read-models/payment-method/payment-method.js';
import { PaymentMethodQuery } from '../read-models/payment-method/payment-method.query.js';
import { answerWithNothing, answerWithPaymentMethod } from './account-answers.js';
import { PaymentMethodResource } from './account-resource.js';
import { AccountPath, NewPaymentMethod, PaymentMethodPath } from './accounts.requests.js';
import { PaymentMethodIntake } from './payment-method-intake.js';

const idempotencyKeyHeader = { name: 'Idempotency-Key', required: false, description: 'The same key: done once, and answered the same.' };
const ifMatchHeader = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the account as it was read; 412 when it has changed since.',
};

@ApiTags('Payment methods')
@Controller('v1/accounts/:id/payment-methods')
export class PaymentMethodsController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(AccountDetailsQuery) private readonly accounts: AccountDetailsQuery,
    @Inject(PaymentMethodQuery) private readonly paymentMethods: PaymentMethodQuery,
    @Inject(PaymentMethodIntake) private readonly intake: PaymentMethodIntake,
  ) {}

  @ApiOperation({ summary: 'Add a payment method', description: 'The gateway verifies it first. The ETag is that of the account.' })
  @ApiHeader(idempotencyKeyHeader)
  @ApiBody({
    type: NewPaymentMethod,
    examples: { 'a new card, to be charged from now on': { value: { token: 'pm_card_mastercard', isDefault: true } } },
  })
  @ApiCreatedResponse({ type: PaymentMethodResource })
  @ApiProblem(
    accountNotFound,
    accountClosed,
    paymentMethodRefused,
    tooManyPaymentMethods,
    'idempotency_key_reused',
    'idempotency_key_in_use',
  )
  @Post()
  async add(
    @Param() path: AccountPath,
    @Body() body: NewPaymentMethod,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = id<'account'>(path.id);
    const paymentMethod = await this.intake.verifyFor(accountId, body, idempotency);
    const paymentMethodId = paymentMethodIdOf(accountId, paymentMethod);
    const meta = commandMeta({ idempotency, answer: answerWithPaymentMethod(accountId, paymentMethodId, 201) });
    const makeDefault = body.isDefault ?? false;
    const { answer, replayed } = await this.bus.execute(new AddPaymentMethod({ accountId, paymentMethod, makeDefault }, meta));
    return recorded(answer!, replayed);
  }

  @ApiOperation({ summary: 'List the payment methods of an account, newest first' })
  @ApiOkResponse({ type: pageSchema(PaymentMethodResource) })
  @ApiProblem(accountNotFound, 'limit_invalid', 'cursor_invalid')
  @Get()
  async list(@Param() path: AccountPath, @Query() { limit, cursor }: PageRequest): Promise<Page<PaymentMethodResource>> {
    const account = await this.accounts.find(id(path.id));
    if (!account) throw accountNotFound(`There is no account ${path.id}.`);
    const window = pageWindow({ limit, cursor }, { list: 'payment-methods', accountId: account.id });
    const [all] = await this.paymentMethods.ofAccounts([account]);
    const rows = all!.filter(({ createdAt, id: methodId }) => {
      const { after } = window;
      return !after || createdAt < after.createdAt || (createdAt === after.createdAt && methodId < after.id);
    });
    return pageOf<PaymentMethod, PaymentMethodResource>(
      rows.slice(0, window.fetch),
      window,
      (row) => row,
      (row) => row,
    );
  }

  @ApiOperation({ summary: 'Make a payment method the default', description: 'Invoices are charged to it from now on.' })
  @ApiHeader(idempotencyKeyHeader)
  @ApiHeader(ifMatchHeader)
  @ApiOkResponse({ type: PaymentMethodResource })
  @ApiProblem(accountNotFound, accountClosed, paymentMethodNotFound, 'version_conflict', 'idempotency_key_reused', 'idempotency_key_in_use')
  @HttpCode(200)
  @Post(':paymentMethodId/default')
  async makeDefault(
    @Param() path: PaymentMethodPath,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = id<'account'>(path.id);
    const paymentMethodId = id<'payment-method'>(path.paymentMethodId);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithPaymentMethod(accountId, paymentMethodId, 200) });
    const { answer, replayed } = await this.bus.execute(new SetDefaultPaymentMethod({ accountId, paymentMethodId }, meta));
    return recorded(answer!, replayed);
  }

  @ApiOperation({ summary: 'Remove a payment method', description: 'Where it was the default, the one added last takes its place.' })
  @ApiHeader(idempotencyKeyHeader)
  @ApiHeader(ifMatchHeader)
  @ApiNoContentResponse()
  @ApiProblem(accountNotFound, accountClosed, paymentMethodNotFound, 'version_conflict', 'idempotency_key_reused', 'idempotency_key_in_use')
  @HttpCode(204)
  @Delete(':paymentMethodId')
  async remove(
    @Param() path: PaymentMethodPath,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = id<'account'>(path.id);
    const paymentMethodId = id<'payment-method'>(path.paymentMethodId);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithNothing });
    const { answer, replayed } = await this.bus.execute(new RemovePaymentMethod({ accountId, paymentMethodId }, meta));
    return recorded(answer!, replayed);
  }
}
