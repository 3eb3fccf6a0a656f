import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Outcome } from '#event-sourcing/command.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { nameTaken } from '#event-sourcing/unique-name.js';
import { type AccountId, hashedId, id, newId } from '#kernel/ids.js';
import { locale } from '#kernel/money-format.js';
import { timeZone } from '#kernel/time-zone.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { IfMatch } from '#platform/http/etag.js';
import { externalName } from '#platform/http/external-id.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import type { Particulars } from '../account/account.events.js';
import {
  accountClosed,
  accountExists,
  accountNotClosed,
  accountNotFound,
  currencyFixed,
  externalIdFixed,
  paymentMethodRefused,
} from '../account/account.refusals.js';
import { ChangeAccount } from '../account/change-account.js';
import { CloseAccount } from '../account/close-account.js';
import { CreateAccount } from '../account/create-account.js';
import { EraseAccount } from '../account/erase-account.js';
import {
  type AccountRow,
  AccountView,
  accountFilters,
  accountPosition,
  accountRows,
} from '../read-models/account-details/account-details.query.js';
import { accountAt } from './account-address.js';
import { answerWithAccount, shownAccounts } from './account-answers.js';
import { AccountChanges, AccountErasure, AccountList, AccountPath, NewAccount } from './accounts.requests.js';
import { PaymentMethodIntake } from './payment-method-intake.js';

@ApiTags('Accounts')
@Controller('v1/accounts')
export class AccountsController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentMethodIntake) private readonly intake: PaymentMethodIntake,
  ) {}

  @ApiOperation({
    operationId: 'createAccount',
    summary: 'Create an account',
    description:
      'With its payment method in the same request: the gateway verifies it first, then both are there, or neither. ' +
      'Without a time zone the one that most people of the country live in is taken, without a country UTC.',
  })
  @ApiCreatedResponse({ type: AccountView })
  @ApiProblem(accountExists, nameTaken, paymentMethodRefused, 'test_clock_not_found')
  @Post()
  async create(@Body() body: NewAccount, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    // From the key, so that a repeated request meets the account it has made, and the customer it has made at the gateway.
    const accountId: AccountId = idempotency ? hashedId(`account/${idempotency.key}`) : newId();
    const paymentMethod = body.paymentMethod ? await this.intake.verifyForNew(accountId, body.paymentMethod, idempotency) : null;
    const { email, name, currency, testClockId, externalId } = body;
    const command = new CreateAccount(
      {
        locale: null,
        country: null,
        region: null,
        address: null,
        taxIds: [],
        taxExempt: false,
        metadata: {},
        externalId: null,
        timeZone: null,
        ...particularsOf(body),
        ...{ accountId, email, name, currency, paymentMethod },
        testClockId: testClockId ? id(testClockId) : null,
      },
      commandMeta({ idempotency, ...externalName('account', externalId), answer: answerWithAccount(accountId, 201) }),
    );
    return answered(await this.bus.execute(command));
  }

  @ApiOperation({
    operationId: 'listAccounts',
    summary: 'List accounts, newest first',
    description: 'Without the closed ones, unless `status` asks for them.',
  })
  @ApiOkResponse({ type: pageSchema(AccountView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  @Get()
  async list(@Query() { limit, cursor, ...filter }: AccountList): Promise<unknown> {
    const window = pageWindow({ limit, cursor }, { list: 'accounts', ...filter });
    const rows = await rowsNewestFirst<AccountRow>(this.database, accountRows, accountFilters(filter), window);
    const shown = await shownAccounts(this.database, rows);
    const page = pageOf(
      [...rows.entries()],
      window,
      ([, row]) => accountPosition(row),
      ([index]) => shown[index]!,
    );
    return restForm(page);
  }

  @ApiOperation({ operationId: 'getAccount', summary: 'Read an account', description: 'A closed one too.' })
  @ApiOkResponse({ type: AccountView })
  @ApiProblem(accountNotFound)
  @Get(':id')
  async read(@Param() path: AccountPath): Promise<Answered> {
    const row = await rowById<AccountRow>(this.database, accountRows, await accountAt(this.database, path.id));
    if (!row) throw accountNotFound(`There is no account ${path.id}.`);
    const [account] = await shownAccounts(this.database, [row]);
    return resource(restForm(account), Number(row.version));
  }

  @ApiOperation({
    operationId: 'updateAccount',
    summary: 'Change an account',
    description: 'What is left out stays as it is; null empties what may be empty.',
  })
  @ApiOkResponse({ type: AccountView })
  @ApiProblem(accountNotFound, accountClosed, currencyFixed, externalIdFixed, nameTaken, 'change_empty')
  @Patch(':id')
  async change(
    @Param() path: AccountPath,
    @Body() body: AccountChanges,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const changes = particularsOf(body);
    const names = externalName('account', body.externalId);
    const meta = commandMeta({ idempotency, expectedVersion, ...names, answer: answerWithAccount(accountId, 200) });
    return answered(await this.bus.execute(new ChangeAccount({ accountId, changes, currency: body.currency }, meta)));
  }

  @ApiOperation({
    operationId: 'closeAccount',
    summary: 'Close an account',
    description:
      'Its running subscriptions end with it, and nothing is billed to it any more. It takes no more changes and leaves the list; ' +
      'it and its invoices can still be read. Closing it again changes nothing.',
  })
  @ApiOkResponse({ type: AccountView })
  @ApiProblem(accountNotFound)
  @Delete(':id')
  async close(
    @Param() path: AccountPath,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithAccount(accountId, 200) });
    return answered(await this.bus.execute(new CloseAccount({ accountId }, meta)));
  }

  @ApiOperation({
    operationId: 'eraseAccount',
    summary: 'Erase the person behind a closed account',
    description:
      'For good: what named the person reads as `[erased]` or empty, here, in the log and in every copy that is made from it. Invoices ' +
      'and books stay; what the law makes invoices keep has a key of its own until its date. The gateway deletes its customer too.',
  })
  @ApiOkResponse({ type: AccountView })
  @ApiProblem(accountNotFound, accountNotClosed)
  @HttpCode(200)
  @Post(':id/erase')
  async erase(
    @Param() path: AccountPath,
    @Body() { reason }: AccountErasure,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId = await accountAt(this.database, path.id);
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithAccount(accountId, 200) });
    return answered(await this.bus.execute(new EraseAccount({ accountId, reason }, meta)));
  }
}

function answered({ answer, replayed }: Outcome): Answered {
  return recorded(answer!, replayed);
}

/** The validated fields in the spelling that is stored. Null empties; what is left out is not among them. */
function particularsOf(body: NewAccount | AccountChanges): Partial<Particulars> {
  const { email, name, address, country, region, taxExempt, metadata, taxIds, externalId } = body;
  const fields: { [Key in keyof Particulars]: Particulars[Key] | undefined } = {
    email,
    name,
    address: address && {
      line1: address.line1,
      line2: address.line2 ?? null,
      city: address.city,
      postalCode: address.postalCode,
      region: address.region ?? null,
    },
    timeZone: body.timeZone ? timeZone(body.timeZone) : undefined,
    locale: body.locale && locale(body.locale),
    country,
    region,
    taxIds: taxIds?.map(({ type, value }) => ({ type, value })),
    taxExempt,
    metadata,
    externalId,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
