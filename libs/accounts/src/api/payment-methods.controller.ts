import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { id } from '#kernel/ids.js';
import { type Answered, recorded } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { IfMatch } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { type Page, PageRequest, pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById } from '#platform/sql/row-query.js';
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
import { type AccountRow, accountRows, accountView } from '../read-models/account-details/account-details.query.js';
import { PaymentMethodView, paymentMethodPosition, paymentMethodsOf } from '../read-models/payment-method/payment-method.query.js';
import { accountAt } from './account-address.js';
import { answerWithNothing, answerWithPaymentMethod } from './account-answers.js';
import { AccountPath, NewPaymentMethod, PaymentMethodPath } from './accounts.requests.js';
import { PaymentMethodIntake } from './payment-method-intake.js';

@ApiTags('Payment methods')
@Controller('v1/accounts/:id/payment-methods')
export class PaymentMethodsController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentMethodIntake) private readonly intake: PaymentMethodIntake,
  ) {}

  @ApiOperation({
    operationId: 'addPaymentMethod',
    summary: 'Add a payment method',
    description: 'The gateway verifies it first. The ETag is that of the account.',
  })
  @ApiCreatedResponse({ type: PaymentMethodView })
  @ApiProblem(accountNotFound, accountClosed, paymentMethodRefused, tooManyPaymentMethods)
  @Post()
  async add(
    @Param() path: AccountPath,
    @Body() body: NewPaymentMethod,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const paymentMethod = await this.intake.verifyFor(accountId, body, idempotency);
    const paymentMethodId = paymentMethodIdOf(accountId, paymentMethod);
    const meta = commandMeta({ idempotency, answer: answerWithPaymentMethod(accountId, paymentMethodId, 201) });
    const makeDefault = body.isDefault ?? false;
    const { answer, replayed } = await this.bus.execute(new AddPaymentMethod({ accountId, paymentMethod, makeDefault }, meta));
    return recorded(answer!, replayed);
  }

  @ApiOperation({
    operationId: 'listPaymentMethods',
    summary: 'List the payment methods of an account, newest first',
    description: 'The one that invoices are charged to has `isDefault`.',
  })
  @ApiOkResponse({ type: pageSchema(PaymentMethodView) })
  @ApiProblem(accountNotFound, 'limit_invalid', 'cursor_invalid')
  @Get()
  async list(@Param() path: AccountPath, @Query() { limit, cursor }: PageRequest): Promise<Page<PaymentMethodView>> {
    const account = await rowById<AccountRow>(this.database, accountRows, await accountAt(this.database, path.id));
    if (!account) throw accountNotFound(`There is no account ${path.id}.`);
    const window = pageWindow({ limit, cursor }, { list: 'payment-methods', accountId: account.id });
    const [methods] = await paymentMethodsOf(this.database, [accountView(account)], window);
    return pageOf(methods!, window, paymentMethodPosition, (method) => method);
  }

  @ApiOperation({
    operationId: 'setDefaultPaymentMethod',
    summary: 'Make a payment method the default',
    description: 'Invoices are charged to it from now on.',
  })
  @ApiOkResponse({ type: PaymentMethodView })
  @ApiProblem(accountNotFound, accountClosed, paymentMethodNotFound)
  @HttpCode(200)
  @Post(':paymentMethodId/default')
  async makeDefault(
    @Param() path: PaymentMethodPath,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const paymentMethodId = id<'payment-method'>(path.paymentMethodId);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithPaymentMethod(accountId, paymentMethodId, 200) });
    const { answer, replayed } = await this.bus.execute(new SetDefaultPaymentMethod({ accountId, paymentMethodId }, meta));
    return recorded(answer!, replayed);
  }

  @ApiOperation({
    operationId: 'removePaymentMethod',
    summary: 'Remove a payment method',
    description: 'Where it was the default, the one added last takes its place.',
  })
  @ApiNoContentResponse()
  @ApiProblem(accountNotFound, accountClosed, paymentMethodNotFound)
  @HttpCode(204)
  @Delete(':paymentMethodId')
  async remove(
    @Param() path: PaymentMethodPath,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const paymentMethodId = id<'payment-method'>(path.paymentMethodId);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithNothing });
    const { answer, replayed } = await this.bus.execute(new RemovePaymentMethod({ accountId, paymentMethodId }, meta));
    return recorded(answer!, replayed);
  }
}
